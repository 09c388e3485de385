// Reads the compact summary. The page bundles this file, and its 31 KB have no room for zod, so it
// checks by hand what it uses. It makes a row only on demand: 10,000 rows at once cost more than
// the rest of the page.

import {
  ageColumns,
  minuteOf,
  numberColumns,
  partsOf,
  type Shown,
  versionColumns,
} from './catalogue.ts';
import type { Columns, CompactSummary, Verdict } from './compact.ts';
import type { CheckRow, Row } from './rows.ts';
import { SCHEMA_VERSION } from './vocabulary.ts';

export interface CompactPart {
  readonly lastUpdated: string;
  /** Start of the run that published it, and the publication's number; null if it does not say. */
  readonly run: string | null;
  readonly publication: number | null;
  /** Number of rows in all parts. */
  readonly total: number;
  /** Names of the other parts, in order. */
  readonly more: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly versions: readonly string[];
  readonly columns: Columns;
  readonly unverified: CompactSummary['unverified'];
  readonly pending: NonNullable<CompactSummary['pending']>;
  /**
   * Verdicts of the last good measurements, without times, versions and numbers, which each row
   * has.
   */
  readonly checksOf: (verdict: Verdict) => Row['checks'];
  /** Age of a row's oldest check in seconds before the minute of lastUpdated; null if none was measured. */
  readonly oldestAge: (place: number) => number | null;
  /** What a row says of all its checks together. */
  readonly overall: (place: number) => Pick<Row, 'status' | 'since'>;
  /** Since when its worst finding has been there, or its status; null: before the first run. */
  readonly findingSince: (place: number) => string | null;
  /**
   * Makes a row, from 0 to `columns.id.length`. Its `name` is null: names are in data/names.json.
   * Without times, those of its checks are null too, which takes half as long.
   */
  readonly row: (place: number, withTimes?: boolean) => Row;
}

type Checks = Pick<Shown, 'checks'>;

/**
 * Reads one file of the compact summary.
 * @throws Error if it is not such a file, or if its columns do not fit together.
 */
export function readCompact(archive: Checks, document: unknown): CompactPart {
  const part = document as CompactSummary;
  const end = Date.parse(part?.lastUpdated);
  const {
    verdicts,
    versions,
    columns,
    unverified,
    pending = {},
    findingSince: sinceOther = {},
  } = part;
  if (part.schemaVersion !== SCHEMA_VERSION || Number.isNaN(end)) throw new Error('not a summary');
  for (const column of Object.values(columns)) {
    if (column && column.length !== columns.id.length) throw new Error('columns differ in length');
  }
  const within = (name: string, length: number) =>
    columns[name]?.every(
      (index) =>
        typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < length,
    );
  const ofChecks = versionColumns(archive);
  const fits =
    within('verdict', verdicts.length) &&
    within('latest', versions.length + 1) &&
    // A file older than a check has no column for it.
    ofChecks.every(({ column }) => within(column, versions.length + 2) !== false) &&
    columns.id.every((id) => typeof id === 'string');
  if (!fits) throw new Error('an index leads nowhere');

  const number = (name: string, place: number) => (columns[name]?.[place] ?? null) as number | null;
  const versionOf = new Map(ofChecks.map(({ id, column }) => [id, column]));
  const numbers = numberColumns(archive);
  const numbersOf = new Map(
    archive.checks.map(({ id }) => [
      id,
      numbers
        .filter((one) => one.id === id)
        .map((one) => ({ ...one, parts: partsOf(archive, one.words) })),
    ]),
  );
  const ages = ageColumns(archive);
  const ageOf = (check: string, base: string | undefined, place: number) => {
    const age = number(check, place);
    return age === null || base === undefined ? age : age + (number(base, place) ?? 0);
  };
  const bases = new Map(ages.map(({ id, base }) => [id, base]));
  const oldestAge = (place: number) => {
    let oldest: number | null = null;
    for (const { id, base, isLasting } of ages) {
      const age = isLasting ? null : ageOf(id, base, place);
      if (age !== null && (oldest === null || age > oldest)) oldest = age;
    }
    return oldest;
  };
  const made = new Map<Verdict, Row['checks']>();
  const checksOf = (verdict: Verdict) => {
    const checks = made.get(verdict) ?? checksOfVerdict(archive, verdict);
    made.set(verdict, checks);
    return checks;
  };
  const verdictAt = (place: number) => verdicts[number('verdict', place) as number] as Verdict;
  const daysAgo = (days: number | null) =>
    days === null ? null : instant(Math.round(end / 1000 - days * DAY) * 1000);
  const overall = (place: number) => {
    return { status: verdictAt(place).status, since: daysAgo(number('since', place)) };
  };
  const findingSince = (place: number) => {
    const own = sinceOther[place];
    return daysAgo(own === undefined ? number('since', place) : own);
  };
  const numbersAt = (check: string, place: number): CheckRow['numbers'] => {
    const told: Record<string, number> = {};
    for (const { name, words, parts } of numbersOf.get(check) ?? []) {
      let value = number(words.column, place);
      // A whole comes after what it is the whole of.
      if (value === 0 && words.wholeOf) {
        if (told[words.wholeOf] === undefined) continue;
        for (const { words } of parts) value += number(words.column, place) ?? 0;
      }
      if (value !== null && !(words.ofFaults && value === 0)) told[name] = value;
    }
    return told;
  };
  const row = (place: number, withTimes = true): Row => {
    const verdict = verdictAt(place);
    const latest = versions[(number('latest', place) as number) - 1] ?? null;
    const version = (check: string) => {
      const code = number(versionOf.get(check) ?? '', place) ?? 0;
      return code === 1 ? latest : (versions[code - 2] ?? null);
    };
    const instantOf = (age: number | null) =>
      age === null ? null : instant(minuteOf(end) - age * 1000);
    const checks: Record<string, CheckRow> = {};
    const known = checksOf(verdict);
    // 100,000 rows have no time for lists of entries.
    for (const id in known) {
      checks[id] = {
        ...(known[id] as CheckRow),
        at: withTimes ? instantOf(ageOf(id, bases.get(id), place)) : null,
        lastAttempt: unverified[place]?.[id] ?? null,
        version: version(id),
        numbers: numbersAt(id, place),
      };
    }
    const date = number('latestDate', place);
    return {
      id: columns.id[place] as string,
      name: null,
      version: latest,
      versionDate: date === null ? null : instant(date * 1000),
      ...overall(place),
      checkedAt: withTimes ? instantOf(oldestAge(place)) : null,
      checks,
      causes: verdict.causes ?? [],
      pending: pending[place] ?? null,
      rulesVersion: verdict.rulesVersion ?? null,
    };
  };
  const { lastUpdated, run = null, publication = null, total, more } = part;
  return {
    lastUpdated,
    run,
    publication,
    total,
    more,
    verdicts,
    versions,
    columns,
    unverified,
    pending,
    checksOf,
    oldestAge,
    overall,
    findingSince,
    row,
  };
}

/** Without the fields that each row has. */
function checksOfVerdict({ checks }: Checks, verdict: Verdict): Row['checks'] {
  const { notCompared } = verdict;
  // A reason without a check belongs to the first check that can wait.
  const first = checks.find(({ waits }) => waits)?.id;
  const made = checks.flatMap(({ id, findings }): [string, CheckRow][] => {
    const status = verdict.checks[id] ?? null;
    if (status === null) return [];
    const subtype = verdict.issueSubtypes?.[id] ?? null;
    const found = verdict.findings.filter((finding) => Object.hasOwn(findings, finding));
    const reason =
      typeof notCompared === 'string' ? (id === first ? notCompared : null) : notCompared?.[id];
    return [
      [
        id,
        {
          status,
          subtype,
          findings: found.length > 0 || subtype === null ? found : [subtype],
          at: null,
          since: null,
          lastAttempt: null,
          version: null,
          numbers: {},
          notCompared: reason ?? null,
        },
      ],
    ];
  });
  return Object.fromEntries(made);
}

const DAY = 86_400;
const instant = (milliseconds: number): string => new Date(Math.round(milliseconds)).toISOString();
