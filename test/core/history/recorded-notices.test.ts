// H20: what would have been told over a real recorded history of 60 datasets, as a script prints it,
// against a count that shares nothing with the rules but their words.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunHistory } from '../../../core/history/documents.ts';
import { mirrorwatch, ROOT, start, temporaryFolder } from '../../bin/cli.ts';
import { filesBelow } from '../../support/tree.ts';

const BUNDLE = join(ROOT, '../shared/recorded/history/openneuro-60.bundle');
const HOUR = 3_600_000;

describe.skipIf(!existsSync(BUNDLE))('the recorded history of 60 datasets', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const out = () => join(folder.path, 'out');
  beforeAll(async () => {
    folder = await temporaryFolder();
    const repository = join(folder.path, 'repository');
    execFileSync('git', ['clone', '-q', '--bare', BUNDLE, repository]);
    const args = ['history', 'import', '--from-git', repository, '--out', out()];
    expect(await mirrorwatch(args)).toMatchObject({ code: 0 });
  });
  afterAll(() => folder.remove());

  test('a script prints how many faults there were, and how many would have been told', async () => {
    const script = join(ROOT, 'scripts/replay-notices.ts');
    const { code, stdout } = await start([out()], { script }).ended;
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        '140 runs on 136 days',
        '                              spells    told',
        'known datasets                     8       7',
        'listed less than 8 days ago       19      10',
        'told: 17 fault, 8 mended, 3 worse, 1 changed, 0 flaps, 14 withdrawn',
        'most faults after one run: 2',
        '',
      ].join('\n'),
    );
  });

  test('a count by hand finds the same', () => {
    const runs = [...filesBelow(out())]
      .flatMap(([path, bytes]) =>
        path.startsWith('history/runs/') ? [JSON.parse(bytes.toString()) as RunHistory] : [],
      )
      .filter(({ origin }) => origin === 'import')
      .sort((a, b) => a.number - b.number);
    const counted = { known: [0, 0], young: [0, 0] };
    for (const id of new Set(runs.flatMap(({ events }) => events.map((event) => event.id)))) {
      for (const { begins, runs: seen, listed } of spellsOf(runs, id)) {
        const due = seen.some((run) => {
          const isLate = Date.parse(run) - Date.parse(begins) >= 20 * HOUR;
          const isOld = listed === null || Date.parse(run) - Date.parse(listed) >= 8 * 24 * HOUR;
          return isLate && isOld;
        });
        const isYoung = listed !== null && Date.parse(begins) - Date.parse(listed) < 8 * 24 * HOUR;
        const numbers = counted[isYoung ? 'young' : 'known'];
        numbers[0] = (numbers[0] as number) + 1;
        if (due) numbers[1] = (numbers[1] as number) + 1;
      }
    }
    expect(counted).toEqual({ known: [8, 7], young: [19, 10] });
  });
});

interface Spell {
  readonly begins: string;
  /** With it. */
  readonly runs: string[];
  readonly listed: string | null;
}

/** The times in which a dataset was bad, but not those that lasted when the history began. */
function spellsOf(runs: readonly RunHistory[], id: string): Spell[] {
  const spells: Spell[] = [];
  let open: Spell | null = null;
  let listed: string | null = null;
  for (const { run, events } of runs) {
    for (const event of events.filter((one) => one.id === id)) {
      const isListed = event.kind === 'listed' || event.kind === 'returned';
      if (isListed) listed = run;
      if (event.kind === 'withdrawn') open = null;
      const to =
        isListed || (event.kind === 'verdict' && event.check === 'overall') ? event.to : null;
      if (to === null) continue;
      const isBad = to === 'error' || to === 'version-mismatch';
      if (!isBad) open = null;
      else if (open === null && (isListed || !isBadBefore(event))) {
        open = { begins: run, runs: [], listed };
        spells.push(open);
      }
    }
    open?.runs.push(run);
  }
  return spells;
}

const isBadBefore = (event: object) =>
  'from' in event && (event.from === 'error' || event.from === 'version-mismatch');
