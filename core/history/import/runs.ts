// Makes the history of recorded runs: what changed from one to the next, and how it ends. Pure but
// for the reading of the repository: the same commits give the same history.

import { catalogueOf } from '../../documents/catalogue.ts';
import { compactSummary } from '../../documents/compact-write.ts';
import type { Row } from '../../documents/rows.ts';
import { SCHEMA_VERSION } from '../../documents/vocabulary.ts';
import type { Archive } from '../../monitor/archive.ts';
import { countsOf } from '../counts.ts';
import { type Changed, diffSummaries, summaryOf } from '../diff.ts';
import type { HistoryIndex, Imported, RunHistory } from '../documents.ts';
import type { Event } from '../events.ts';
import { withIndex } from '../fold.ts';
import { newestOf, oldestRules } from '../record-run.ts';
import { OVERALL } from '../verdict-text.ts';
import { type Pair, paired, sinceOfChanged, withBegin } from './carry.ts';
import { type DailyChanges, dailyCounter } from './daily.ts';
import type { Recorded, RecordedRepository } from './recorded.ts';
import { type RecordedRun, recordedRows } from './rows.ts';
import { recordedTree } from './tree.ts';

export interface RecordedHistory {
  /** Oldest first. */
  readonly runs: readonly RunHistory[];
  readonly index: HistoryIndex;
  /** How it ends. */
  readonly imported: Imported;
  /** Without the start-up. */
  readonly daily: DailyChanges;
}

export interface ReadOptions {
  readonly archive: Archive;
  readonly recorded: Recorded;
  readonly repository: RecordedRepository;
  /** Later runs are left out (ISO 8601). */
  readonly until: string | null;
  readonly asRecorded: boolean;
  readonly signal: AbortSignal;
  readonly onStart: (commits: number) => void;
  readonly onRun: (commit: string) => void;
  /** A commit that holds no run: in one sentence, why. */
  readonly onSkipped: (commit: string, why: string) => void;
}

/** More than this share of the rows change alike when the system's rules have changed. */
const BY_RULES_SHARE = 0.01;

/** @returns null if the repository has no run */
export async function readRecorded(options: ReadOptions): Promise<RecordedHistory | null> {
  const { archive, recorded, repository, until, signal } = options;
  const tree = recordedTree(archive, recorded, repository);
  const rowsOf = recordedRows(archive, tree, options);
  const commits = await repository.commits(`${recorded.folder}${SUMMARY}`);
  options.onStart(commits.length);
  const fold = folder(archive, recorded);
  for (const commit of commits) {
    signal.throwIfAborted();
    const run = await rowsOf(tree.goTo(commit));
    options.onRun(commit.id);
    if (typeof run === 'string') options.onSkipped(commit.id, run);
    else if (until !== null && run.time > until) break;
    else if (!fold.add(run)) options.onSkipped(commit.id, NOT_LATER);
  }
  return fold.end();
}

const SUMMARY = 'all-datasets.json';
const NOT_LATER = 'its time is not after that of the run before';

interface Last extends Omit<RecordedRun, 'recorded'> {
  readonly isSteady: boolean;
}

function folder(archive: Archive, { steadySince, rulesChanged }: Recorded) {
  const catalogue = catalogueOf(archive);
  const runs: RunHistory[] = [];
  const daily = dailyCounter(archive);
  /** Also of the start-up, of which no event tells. */
  const seen = new Set<string>();
  let index: HistoryIndex | null = null;
  let last: Last | null = null;

  const changedTo = (run: RecordedRun, { before, rows }: Pair): Changed => {
    const previous = last?.isSteady ? summaryOf(before) : null;
    const { events, states } = diffSummaries({ archive, withdrawn: seen }, previous, rows);
    const from = last?.time ?? run.time;
    const isNew = rulesChanged.some((time) => from < time && time <= run.time);
    const isByRules = isNew && mostAlike(events) > Math.max(1, rows.length * BY_RULES_SHARE);
    const told = withFromRow(events, run.fromRow, rows);
    return { events: isByRules ? told.map(byRules) : told, states };
  };

  return {
    /** @returns false if it is not later than the run before */
    add(run: RecordedRun): boolean {
      const { time } = run;
      if (last !== null && time <= last.time) return false;
      const isSteady = time >= steadySince;
      const pair = paired(last ?? { rows: [], fromRow: new Map() }, run);
      const { events, states } = isSteady ? changedTo(run, pair) : NOTHING;
      const added: RunHistory = {
        schemaVersion: SCHEMA_VERSION,
        run: time,
        number: runs.length + 1,
        until: newestOf(pair.rows),
        rulesVersion: oldestRules(pair.rows),
        origin: isSteady ? 'import' : 'start-up',
        events,
        states,
        counts: countsOf(catalogue, pair.rows, events),
      };
      for (const { id } of pair.rows) seen.add(id);
      if (isSteady) daily.add(run);
      else daily.note(run);
      runs.push(added);
      index = withIndex(index, added);
      const before = last?.isSteady ? { time: last.time, rows: pair.before } : null;
      const { fromRow } = run;
      last = { time, fromRow, rows: withBegin(pair.rows, before, time), isSteady };
      return true;
    },
    end(): RecordedHistory | null {
      if (index === null || last === null) return null;
      const { time, rows } = last;
      const summary = { lastUpdated: time, run: time, datasets: rows };
      const parts = [...compactSummary(catalogue, summary).values()];
      const imported: Imported = {
        schemaVersion: SCHEMA_VERSION,
        summary: parts,
        since: sinceOfChanged(rows),
      };
      return { runs, index, imported, daily: daily.end() };
    },
  };
}

const NOTHING: Changed = { events: [], states: { verdicts: [], of: {} } };

/** How many datasets the commonest change of a verdict has. */
function mostAlike(events: readonly Event[]): number {
  const alike = Map.groupBy(
    events.filter((event) => event.kind === 'verdict'),
    ({ check, from, to }) => JSON.stringify([check, from, to]),
  );
  return Math.max(0, ...Array.from(alike.values(), ({ length }) => length));
}

const byRules = (event: Event): Event =>
  event.kind === 'verdict' || event.kind === 'counts' ? { ...event, because: 'rules' } : event;

/** The overall verdict is a recorded one if a check that decides it is. */
function withFromRow(
  events: readonly Event[],
  fromRow: RecordedRun['fromRow'],
  rows: readonly Row[],
): Event[] {
  if (fromRow.size === 0) return [...events];
  const byId = new Map(rows.map((row) => [row.id, row]));
  return events.map((event) => {
    const recorded = event.kind === 'verdict' ? fromRow.get(event.id)?.checks : undefined;
    if (event.kind !== 'verdict' || recorded === undefined) return event;
    const row = byId.get(event.id);
    const decides = [...recorded].some((check) => row?.checks[check]?.status === row?.status);
    const isRecorded = event.check === OVERALL ? decides : recorded.has(event.check);
    return isRecorded ? { ...event, fromRow: true } : event;
  });
}
