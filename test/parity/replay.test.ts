// A run over real HTTP against the replayed archive gives the recorded verdicts. This is for a
// sample that holds every odd dataset; `npm run parity` does it for all 1,834.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { S3Diff } from '../../archives/openneuro/documents.ts';
import { diffPath } from '../../archives/openneuro/paths.ts';
import { replayArchive } from '../../archives/openneuro/sample/replay.ts';
import { startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import { asView } from '../support/legacy.ts';
import { memoryStore } from '../support/memory-store.ts';
import { recordedTree } from '../support/recorded.ts';
import { REPLAY, runSample } from '../support/sample-run.ts';
import { compareWithRecorded } from './compare.ts';

const tree = recordedTree();
const SAMPLE = 240;

/** Where our verdicts differ from the recorded ones, or a trap of docs/checks.md#traps. */
const ODD = [
  'ds000109', // annotated tag
  'ds001246', // blocked, with an old comparison
  'ds001399', // a DOI that is no tag
  'ds003216', // 3.0.9 < 3.0.11
  'ds004698', // a comparison of another version
  'ds005613',
  'ds005752', // another dataset's DOI
  'ds007111', // empty mirror of three snapshots
  'ds007501', // no mirror
  'ds008020',
  'ds008095', // an error behind pending
  'ds008255', // blocked, and first snapshot five days before the run
];

const JUST_PUBLISHED = 'just published: what is missing or closed does not count yet';

describe.skipIf(tree === null)('the replayed archive', () => {
  test(`gives the recorded verdicts for ${SAMPLE} datasets, all odd ones included`, async () => {
    const dir = tree as string;
    const archive = replayArchive(dir, { sample: SAMPLE, seed: 3 });
    const odd = replayArchive(dir, { datasets: ODD });
    const store = memoryStore();
    const ids: string[] = [];
    for (const [day, one] of [archive, odd].entries()) {
      const server = await startSampleArchive({ archive: one });
      try {
        const { summary } = await runSample(server, {
          store: day === 0 ? store : memoryStore(),
          day,
          ...REPLAY,
        });
        const rows = (summary?.datasets ?? []).map(asView);
        const compared = compareWithRecorded(
          dir,
          rows,
          rows.map(({ id }) => id),
        );
        expect(compared.wrong).toEqual([]);
        if (one === odd) expect(compared.excepted).toMatchObject({ [JUST_PUBLISHED]: 1 });
        ids.push(...rows.map(({ id }) => id));
      } finally {
        await server.close();
      }
    }
    expect(ids.length).toBeGreaterThanOrEqual(SAMPLE + ODD.length);
    expect(ids).toEqual(expect.arrayContaining(ODD));

    // Not only the counts, but the exact paths.
    let same = 0;
    for (const id of ids.slice(0, SAMPLE)) {
      const ours = store.document<S3Diff | null>(diffPath(id));
      if (!ours || ours.totalS3Files === null) continue;
      // Never compared when it was recorded: ds001399.
      if (!existsSync(join(dir, diffPath(id)))) continue;
      const old = JSON.parse(readFileSync(join(dir, diffPath(id)), 'utf8'));
      expect({ id, added: ours.added, git: ours.totalGitFiles, s3: ours.totalS3Files }).toEqual({
        id,
        added: old.added,
        git: old.totalGitFiles,
        s3: old.totalS3Files,
      });
      expect([...ours.removed, ...ours.bookkeeping].sort()).toEqual([...old.removed].sort());
      same += 1;
    }
    expect(same).toBeGreaterThan(SAMPLE / 2);
  }, 120_000);
});
