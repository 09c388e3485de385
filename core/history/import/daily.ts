// What changed from day to day, by the last run of each, as recorded histories are counted by others
// (docs/history.md#importing-a-recorded-history). The events are of runs, and say more.

import { numberColumns, type Shown, versionColumns } from '../../documents/catalogue.ts';
import type { Row } from '../../documents/rows.ts';
import { dayOf } from '../paths.ts';
import { OVERALL, verdictText } from '../verdict-text.ts';
import { paired } from './carry.ts';
import type { RecordedRun } from './rows.ts';

export interface DailyChanges {
  /** Days that are compared with the day with a run before them. */
  readonly days: number;
  /** How many of them changed no verdict of a check. */
  readonly quiet: number;
  /**
   * Datasets that changed on a day, by what: `overall`, a check, `listed` …; `versions` and `counts`
   * as the recorded rows have them.
   */
  readonly changes: Readonly<Record<string, number>>;
}

/** @returns a counter, to which runs are added in order */
export function dailyCounter(archive: Pick<Shown, 'checks'>) {
  const checks = archive.checks.map(({ id }) => id);
  const changedFacts = factDiffer(archive);
  const changes = new Map([OVERALL, ...checks, ...KINDS].map((name) => [name, 0]));
  const add = (name: string, number = 1) => changes.set(name, (changes.get(name) ?? 0) + number);
  const seen = new Set<string>();
  let [days, quiet] = [0, 0];
  let yesterday: RecordedRun | null = null;
  let today: RecordedRun | null = null;

  const compare = (from: RecordedRun, to: RecordedRun) => {
    const { before, rows } = paired(from, to);
    const last = new Map(before.map((row) => [row.id, row]));
    let isQuiet = true;
    for (const row of rows) {
      const was = last.get(row.id);
      if (was === undefined) {
        add(seen.has(row.id) ? 'returned' : 'listed');
        continue;
      }
      for (const name of changedVerdicts(was, row)) {
        add(name);
        if (name !== OVERALL) isQuiet = false;
      }
      const [told, tells] = [from.recorded.get(row.id), to.recorded.get(row.id)];
      if (told && tells) for (const name of changedFacts(told, tells)) add(name);
      last.delete(row.id);
    }
    add('withdrawn', last.size);
    days += 1;
    if (isQuiet) quiet += 1;
  };
  const note = ({ rows }: RecordedRun) => {
    for (const { id } of rows) seen.add(id);
  };
  const endDay = () => {
    if (today === null) return;
    if (yesterday !== null) compare(yesterday, today);
    note(today);
    yesterday = today;
  };

  return {
    /** A run before the first day. */
    note,
    add(run: RecordedRun): void {
      if (today !== null && dayOf(today.time) !== dayOf(run.time)) endDay();
      today = run;
    },
    end(): DailyChanges {
      endDay();
      const found = [...changes].filter(([, number]) => number > 0);
      return { days, quiet, changes: Object.fromEntries(found) };
    },
  };
}

const KINDS = ['versions', 'counts', 'listed', 'returned', 'withdrawn'];

/** Which checks have another verdict. */
function* changedVerdicts(was: Row, is: Row): Generator<string> {
  if (was.status !== is.status) yield OVERALL;
  for (const [check, own] of Object.entries(is.checks)) {
    const before = was.checks[check];
    if (before !== undefined && verdictText(before) !== verdictText(own)) yield check;
  }
}

/** Which facts differ: versions of copies with the date of the newest, numbers of differing files. */
function factDiffer(archive: Pick<Shown, 'checks'>) {
  const versions = versionColumns(archive);
  const numbers = numberColumns(archive).filter(({ words }) => words.ofFaults);
  const versionsOf = (row: Row) => [
    ...versions.map(({ id }) => row.checks[id]?.version ?? null),
    row.versionDate,
  ];
  const numbersOf = (row: Row) => numbers.map(({ id, name }) => row.checks[id]?.numbers[name] ?? 0);
  const isOther = (a: readonly unknown[], b: readonly unknown[]) =>
    a.some((one, place) => one !== b[place]);

  return function* changedFacts(was: Row, is: Row): Generator<string> {
    // Where one was not known, nobody can say that it changed.
    const known = versionsOf(was);
    if (!known.includes(null) && isOther(known, versionsOf(is))) yield 'versions';
    if (isOther(numbersOf(was), numbersOf(is))) yield 'counts';
  };
}
