// Our verdicts over the recorded tree are the recorded ones, unless one of our rules says otherwise
// (exceptions.ts), and every difference is one of those.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import { recordsFromDocuments } from '../../archives/openneuro/legacy/verdicts.ts';
import { metadataPath, snapshotsPath } from '../../archives/openneuro/paths.ts';
import { REGISTRY_PATH, SUMMARY_PATH } from '../../core/documents/paths.ts';
import {
  checkPath,
  type DocumentKind,
  type DocumentOf,
  parseAs,
  timesPath,
} from '../support/documents.ts';
import { summarizeDataset } from '../support/legacy.ts';
import { recordedTree } from '../support/recorded.ts';
import { EXCEPTIONS, expectedRow, type RecordedEvidence, type RecordedRow } from './exceptions.ts';

const root = recordedTree();

function text(path: string): string | undefined {
  try {
    return readFileSync(join(root as string, path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A document as recorded, untouched. */
const raw = (path: string) => {
  const found = text(path);
  return found === undefined ? undefined : JSON.parse(found);
};

/** A document as our code reads it. */
function read<K extends DocumentKind>(kind: K, path: string): DocumentOf<K> | undefined {
  const found = text(path);
  if (found === undefined) return undefined;
  const parsed = parseAs(kind, found);
  if (!parsed.ok) throw new Error(`${path}: ${JSON.stringify(parsed.issues)}`);
  return parsed.value;
}

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the recorded tree lacks a document');
  return value;
}

function ourRows(): Map<string, SummaryRow> {
  const registry = need(read('registry', REGISTRY_PATH));
  const manifests = {
    github: need(read('timestamps', timesPath('github'))),
    s3Version: need(read('timestamps', timesPath('s3Version'))),
    s3Files: need(read('timestamps', timesPath('s3Files'))),
  };
  const rows = new Map<string, SummaryRow>();
  for (const [id, latest] of Object.entries(registry.latestSnapshots)) {
    const snapshots = need(read('snapshots', snapshotsPath(id))).tags.map((tag) => ({
      tag,
      ...need(read('metadata', metadataPath(id, tag))),
    }));
    const records = recordsFromDocuments(id, {
      latest: latest as string,
      snapshots,
      github: read('github', checkPath('github', id)),
      s3Version: read('s3-version', checkPath('s3Version', id)),
      s3Diff: read('s3-diff', checkPath('s3Files', id)),
      checkedAt: {
        github: manifests.github[id] ?? null,
        s3Version: manifests.s3Version[id] ?? null,
        s3Files: manifests.s3Files[id] ?? null,
      },
    });
    const latestDate = snapshots.find(({ tag }) => tag === latest)?.created ?? null;
    rows.set(id, summarizeDataset(id, { latest, name: null, latestDate }, records));
  }
  return rows;
}

/** Our row with the fields that recorded rows have. */
const asRecorded = (row: SummaryRow, like: RecordedRow): RecordedRow =>
  Object.fromEntries(Object.keys(like).map((key) => [key, row[key as keyof SummaryRow]])) as never;

describe.skipIf(root === null)('the summary of the recorded tree', () => {
  let recorded: readonly RecordedRow[];
  let ours: Map<string, SummaryRow>;
  beforeAll(() => {
    recorded = raw(SUMMARY_PATH).datasets;
    ours = ourRows();
  });

  const evidence = (id: string): RecordedEvidence => ({
    github: raw(checkPath('github', id)),
    s3Version: raw(checkPath('s3Version', id)),
    s3Diff: raw(checkPath('s3Files', id)),
    latest: raw(REGISTRY_PATH).latestSnapshots[id],
    age: null,
  });

  test('has the recorded datasets', () => {
    expect(ours.size).toBe(1834);
    expect([...ours.keys()].sort()).toEqual(recorded.map(({ id }) => id).sort());
  });

  test('differs from the recorded rows by the exceptions and by nothing else', () => {
    const applied = new Map<string, string[]>(EXCEPTIONS.map(({ name }) => [name, []]));
    let untouched = 0;
    for (const old of recorded) {
      const expected = expectedRow(old, evidence(old.id));
      expect(asRecorded(need(ours.get(old.id)), old)).toEqual(expected.row);
      for (const name of expected.applied) applied.get(name)?.push(old.id);
      if (expected.applied.length === 0) untouched += 1;
    }
    const counts = Object.fromEntries([...applied].map(([name, ids]) => [name, ids.length]));
    expect({ ...counts, untouched }).toEqual({
      'HEAD at a stale branch, while another one is at the latest tag, has its own subtype': 63,
      'HEAD at git-annex is an error': 1,
      'a comparison of another version than the export has measures nothing': 1,
      'a missing description has its own subtype': 10,
      'annex-uuid beside other differences: not counted as an orphan': 66,
      'annex-uuid is the only difference: not an error': 460,
      'the worst check gives the status, and pending hides only ok': 466,
      // The recorded tree does not say when a dataset was published, and nothing measured it.
      'just published: what is missing or closed does not count yet': 0,
      untouched: 1272,
      'versions order as numbers': 5,
    });
    expect(
      applied.get('a comparison of another version than the export has measures nothing'),
    ).toEqual(['ds004698']);
  });

  test('hides no error and no mismatch behind pending', () => {
    const hidden = recorded.filter((row) => row.status === 'pending');
    expect(hidden.map(({ id }) => [id, ours.get(id)?.status])).toEqual([
      ['ds001399', 'version-mismatch'],
      ['ds005613', 'version-mismatch'],
      ['ds008020', 'version-mismatch'],
      ['ds008095', 'error'],
      ['ds008214', 'error'],
    ]);
    for (const row of ours.values()) {
      if (row.status === 'pending' || row.status === 'ok') {
        expect(Object.values(row.checks)).not.toContain('error');
        expect(Object.values(row.checks)).not.toContain('version-mismatch');
        expect(Object.values(row.checks)).not.toContain('warning');
      }
    }
  });

  test('counts by status', () => {
    const before = Object.groupBy(recorded, ({ status }) => status);
    const after = Object.groupBy(ours.values(), ({ status }) => status);
    const count = (groups: Partial<Record<string, unknown[]>>) =>
      Object.fromEntries(Object.entries(groups).map(([status, rows]) => [status, rows?.length]));
    expect({ before: count(before), after: count(after) }).toEqual({
      after: {
        error: 206,
        ok: 1402,
        'version-mismatch': 81,
        warning: 145,
      },
      before: {
        error: 663,
        ok: 1082,
        pending: 5,
        'version-mismatch': 35,
        warning: 49,
      },
    });
  });

  test('claims the oldest of its times', () => {
    for (const row of ours.values()) {
      const times = Object.values(row.lastChecked ?? {}).filter((at) => at !== null);
      expect(row.checkedAt).toBe(times.sort()[0] ?? null);
    }
  });

  test('says why files were not compared', () => {
    const reasons = new Map<string, string[]>();
    for (const { id, notCompared } of ours.values()) {
      if (notCompared) reasons.set(notCompared, [...(reasons.get(notCompared) ?? []), id]);
    }
    expect(reasons.get('blocked')).toHaveLength(recorded.filter((row) => row.s3Blocked).length);
    reasons.delete('blocked');
    expect(Object.fromEntries(reasons)).toEqual({
      'mirror-absent': ['ds008095', 'ds008214'],
      'tag-not-on-mirror': ['ds001399', 'ds004698', 'ds005613', 'ds008020'],
    });
  });

  test('shows the older tags that mirrors lack', () => {
    const lacking = [...ours.values()].filter(({ findings }) =>
      findings.includes('older-tag-missing'),
    );
    const tags = lacking.map(({ id, latestSnapshot }) => [
      id,
      raw(snapshotsPath(id)).tags.filter((tag: string) => tag !== latestSnapshot).length,
    ]);
    expect(Object.fromEntries(tags)).toEqual({
      ds007111: 2,
      ds007501: 2,
      ds007513: 1,
      ds008101: 1,
    });
  });
});
