// What must be true of the history whenever something is published (docs/history.md). The events
// since the summary before lead to this one, and the strips end with what is shown.

import type { View } from './invariants.ts';

// biome-ignore lint/suspicious/noExplicitAny: documents are looked at as any reader would
type Json = any;
export type Must = (holds: boolean, rule: string, message: () => string) => void;

const RUNS = 'history/runs/';

/**
 * @param read a document of a view, parsed
 * @param shownRows status by dataset, as the page shows it
 */
export function historyHolds(
  before: View,
  after: View,
  read: (view: View, path: string) => Json,
  shownRows: (view: View) => ReadonlyMap<string, Json>,
  must: Must,
): void {
  const last: number | undefined = read(after, 'summary.json')?.publication;
  if (last === undefined) return;
  const first: number = read(before, 'summary.json')?.publication ?? 0;
  const files = filesOf(after, read);
  must(files[last - 1]?.number === last, 'history', () => `publication ${last} has no file`);
  const rows = shownRows(after);

  const statuses = new Map<string, string>();
  if (first > 0) for (const [id, { status }] of shownRows(before)) statuses.set(id, status);
  for (const file of files) {
    if (file.number <= first || file.number > last) continue;
    if (file.number === 1) {
      for (const [id, place] of Object.entries(file.states.of)) {
        statuses.set(id, file.states.verdicts[place as number].overall);
      }
    }
    for (const event of file.events) apply(statuses, event, must);
  }
  const shown = new Map([...rows].map(([id, { status }]) => [id, status]));
  const text = (all: ReadonlyMap<string, string>) => JSON.stringify([...all].sort());
  must(text(statuses) === text(shown), 'history', () => `the events give ${text(statuses)}`);

  const index = read(after, 'history/index.json');
  // A later run was cut off.
  if (index.runs !== last) return;
  for (const [id, { status }] of rows) {
    const strips = read(after, `datasets/${id}/history.json`);
    const told = strips?.strips.overall.at(-1)?.[1];
    must(told === status, 'history', () => `${id} is ${status}, and its strip ends with ${told}`);
  }
  const runs = index.months.flatMap(
    (month: string) => read(after, `history/counts/${month}.json`).time,
  );
  must(
    runs.length === index.runs,
    'history',
    () => `${runs.length} runs are counted of ${index.runs}`,
  );
}

/** In the order in which they were published, without those that never were. */
function filesOf(view: View, read: (view: View, path: string) => Json): Json[] {
  const paths = [...view.documents.keys()].filter((path) => path.startsWith(RUNS));
  const files = paths.map((path) => read(view, path));
  const isReplaced = ({ run, number }: Json) =>
    files.some((other) => other.number === number && other.replaces?.includes(run));
  return files.filter((file) => !isReplaced(file)).sort((a, b) => a.number - b.number);
}

function apply(statuses: Map<string, string>, event: Json, must: Must): void {
  const { kind, id, from, to } = event;
  const was = statuses.get(id);
  if (kind === 'verdict' && event.check === 'overall') {
    must(was === from, 'history', () => `${id} was ${was}, and an event says ${from}`);
    statuses.set(id, to);
  } else if (kind === 'listed' || kind === 'returned') {
    must(was === undefined, 'history', () => `${id} is ${kind}, and was there`);
    statuses.set(id, to);
  } else if (kind === 'withdrawn') {
    must(was !== undefined, 'history', () => `${id} is withdrawn, and was not there`);
    statuses.delete(id);
  }
}
