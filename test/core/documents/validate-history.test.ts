// What `mirrorwatch validate` says of a history that is not as the runs made it, and that the
// command it names mends it.

import { beforeEach, expect, test } from 'vitest';
import { rebuildHistory } from '../../../core/history/rebuild.ts';
import { validateTree } from '../../support/documents.ts';
import { publishedRun } from '../../support/published-run.ts';
import { healthyArchive, healthyRefs } from '../../support/stage-context.ts';

const STRIPS = 'datasets/ds000002/history.json';
const HELP = 'mirrorwatch history rebuild makes it again';

let context: Awaited<ReturnType<typeof publishedRun>>['context'];
/** After two runs, of which the second one found a fault. */
beforeEach(async () => {
  const archive = healthyArchive(['ds000001', 'ds000002']);
  ({ context } = await publishedRun(archive));
  archive.refs.set('ds000002', healthyRefs([]));
  ({ context } = await publishedRun(archive, { store: context.store, day: 1 }));
});

async function findings(): Promise<string[]> {
  const { documents, pages } = context.store;
  const reader = {
    async *list() {
      yield* documents.keys();
      yield* pages.keys();
    },
    read: async (path: string) => documents.get(path) ?? pages.get(path),
  };
  const found = await Array.fromAsync(validateTree(reader));
  return found.map(({ path, field, message }) => `${path}: ${field}: ${message}`);
}

const old = (text: string) =>
  text.replace(/\[\s*"2026-08-02",\s*"(error|error:tag-missing)"\s*\]/g, '["2026-08-02", "ok"]');

test.each<[string, string, (text: string) => string | null, string]>([
  ['strips are gone', STRIPS, () => null, `: is missing; ${HELP}`],
  ['strips are cut', STRIPS, (text) => text.slice(0, 40), `: .*JSON.*; ${HELP}`],
  [
    'strips are of another verdict',
    STRIPS,
    old,
    `strips.overall: ends with ok, and the summary says error; ${HELP}`,
  ],
  ['the index is gone', 'history/index.json', () => null, `: is missing; ${HELP}`],
  ['changes are gone', 'history/changes/2026-08.json', () => null, `: is missing; ${HELP}`],
  ['counts are damaged', 'history/counts/2026-08.json', () => '{}', `time: .*; ${HELP}`],
  [
    'counts do not add up',
    'history/counts/2026-08.json',
    (text) => text.replace(/("github\.ok": \[\s*)2/, '$13'),
    `columns.github: of 2026-08-01T00:00:00.000Z with notChecked do not give the total; ${HELP}`,
  ],
])('%s', async (_, path, change, expected) => {
  const { documents } = context.store;
  const whole = new Map(documents);
  expect(await findings()).toEqual([]);
  const after = change(documents.get(path) as string);
  if (after === null) documents.delete(path);
  else documents.set(path, after);
  const found = await findings();
  expect(found.length).toBeGreaterThan(0);
  expect(found.every((line) => line.startsWith(`${path}: `))).toBe(true);
  expect(found.join('\n')).toMatch(new RegExp(expected));

  expect(await rebuildHistory(context)).toBe(1);
  expect(new Map([...documents].sort())).toEqual(new Map([...whole].sort()));
  expect(await findings()).toEqual([]);
});
