// What an archive says about its checks, causes and reasons, ready to be counted, listed and shown.
// The page bundles this file, so it imports little more than types.

import type {
  CheckDefinition,
  Finding,
  FindingWords,
  Fixer,
  NumberWords,
} from '../monitor/check.ts';
import { folderOf } from './paths.ts';
import type { ArrivalPlace, Row } from './rows.ts';
import type { Status } from './vocabulary.ts';

/** A likely cause of what the checks found. */
export interface Cause {
  readonly id: string;
  readonly label: string;
  readonly says: string;
  /** What to read before running the command that fixes it; null if there is none. */
  readonly caution: string | null;
  /** What that command changes, least first: nothing, a setting, copies, or read access. */
  readonly changes: 0 | 1 | 2 | 3;
  /** It only says that no other cause explains a finding; listed last. */
  readonly unexplained?: true;
}

/** Why a check had nothing to look at. */
export interface ReasonWords {
  /** Completes "There is nothing to look at: …" or "This cannot be told: …". */
  readonly says: string;
  /** Something was examined, but it does not answer the question. */
  readonly untold?: true;
}

/** The part of an archive that is shown. */
export interface Shown {
  /** Prefix of paths and keys, value of `--archive`, dimension of metrics. */
  readonly id: string;
  /**
   * Its documents are at the root of all results, and its keys have no prefix. One archive of the
   * list has this: the one that was there before others.
   */
  readonly isAtRoot?: true;
  readonly words: {
    /** For people. */
    readonly title: string;
    /** What an entry is called: `dataset`. */
    readonly entry: string;
    /** Two example ids, for the help. */
    readonly examples: readonly [string, string];
  };
  /** Checks of an entry, in the order they are shown. */
  readonly checks: readonly CheckDefinition[];
  /**
   * Checks of the whole archive (`scope: 'archive'`), made once a run; status.json has their
   * verdicts.
   */
  readonly wholeChecks?: readonly CheckDefinition[];
  /** Likely causes of findings, those that explain most first. */
  readonly causes?: readonly Cause[];
  /** Where new versions arrive after the archive has them, in the order in which they do. */
  readonly arrivals?: readonly ArrivalPlace[];
  /** Why a check had nothing to look at. */
  readonly reasons?: Readonly<Record<string, ReasonWords>>;
  /** Variables of the shell that its commands use; completes "$DATASETS is …". */
  readonly variables?: Readonly<Record<string, string>>;
}

/** What lists say of issues. */
export type Labels = ReadonlyMap<string, Pick<FindingWords, 'label'>>;

/** An issue is a check with one of its findings or waiting reasons: `copy:copy-missing`. */
export interface Catalogue extends Required<Omit<Shown, 'isAtRoot'>> {
  /** Its documents' folder below the root of all results: `toy/`, or empty. */
  readonly folder: string;
  readonly checkById: ReadonlyMap<string, CheckDefinition>;
  readonly causeById: ReadonlyMap<string, Cause>;
  /** By check, worst first within a check. */
  readonly issues: ReadonlyMap<string, FindingWords>;
}

const made = new WeakMap<Shown, Catalogue>();

/** Cached per archive. */
export function catalogueOf(archive: Shown): Catalogue {
  const before = made.get(archive);
  if (before !== undefined) return before;
  const catalogue = makeCatalogue(archive);
  made.set(archive, catalogue);
  return catalogue;
}

function makeCatalogue(archive: Shown): Catalogue {
  const { id, words, checks, wholeChecks = [], causes = [], reasons = {}, arrivals = [] } = archive;
  const { variables = {} } = archive;
  return {
    id,
    folder: folderOf(archive),
    words,
    checks,
    wholeChecks,
    causes,
    reasons,
    arrivals,
    variables,
    checkById: new Map(checks.map((check) => [check.id, check])),
    causeById: new Map(causes.map((cause) => [cause.id, cause])),
    issues: new Map(
      checks.flatMap((check) =>
        Object.entries({ ...check.findings, ...check.waits }).map(([subtype, words]) => [
          `${check.id}:${subtype}`,
          words,
        ]),
      ),
    ),
  };
}

export const checkOf = (issue: string): string => issue.slice(0, issue.indexOf(':'));
export const subtypeOf = (issue: string): string => issue.slice(issue.indexOf(':') + 1);

/** The status of a check by its worst finding; undefined if it does not have that finding. */
export function statusOf(check: CheckDefinition, subtype: string | null): Status | undefined {
  return subtype === null ? 'ok' : check.findings[subtype]?.severity;
}

/** All issues of a row, in the catalogue's order. All counts by issue use this. */
export function issuesOf({ checks }: Pick<Shown, 'checks'>, row: Pick<Row, 'checks'>): string[] {
  return checks.flatMap(({ id, findings, waits }) => {
    const own = row.checks[id];
    if (own === undefined || (own.findings.length === 0 && own.notCompared === null)) return [];
    return Object.keys({ ...findings, ...waits })
      .filter((word) => own.findings.includes(word) || (waits?.[word] && own.notCompared === word))
      .map((word) => `${id}:${word}`);
  });
}

/** Checks whose version has a column, in check order. */
export const versionColumns = ({ checks }: Pick<Shown, 'checks'>) =>
  checks.flatMap(({ id, of, version, column }) =>
    version && column ? [{ id, of, column: column.id, csv: version.csv }] : [],
  );

/** Numbers that have a column, in check order. */
export const numberColumns = ({ checks }: Pick<Shown, 'checks'>) =>
  checks.flatMap(({ id, numbers = {} }) =>
    Object.entries(numbers).map(([name, words]) => ({ id, name, words })),
  );

/** What adds up to a number that is a whole (`wholeOf`), if it was measured together. */
export const partsOf = (archive: Pick<Shown, 'checks'>, { wholeOf }: NumberWords) =>
  wholeOf === undefined
    ? []
    : numberColumns(archive).filter(
        ({ id, name }) =>
          name === wholeOf || archive.checks.some((check) => check.id === id && check.coverage),
      );

/** A column of the list that a check adds. */
export interface Column {
  /** In addresses. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'version' | 'number' | 'verdict';
  /** The number that it shows: its column in the compact summary. */
  readonly number?: string;
  /** The check's own column. */
  readonly of: string;
}

/** A version, or a column for each number of faults; a check that counts none has its verdict. */
export const columnsOf = ({ checks }: Pick<Shown, 'checks'>): readonly Column[] =>
  checks.flatMap((check): Column[] => {
    const { column, version } = check;
    if (!column) return [];
    const { id: of, name } = column;
    const faults = version ? [] : faultsIn(check);
    if (faults.length === 0) return [{ id: of, name, kind: version ? 'version' : 'verdict', of }];
    return faults.map(({ words: { label, column: number } }) => {
      return { id: label.toLowerCase(), name: label, kind: 'number', number, of };
    });
  });

/** What the list can be sorted by, in the order of its columns. */
export const sortKeysOf = (shown: Pick<Shown, 'checks'>): readonly string[] => [
  ...['status', 'id', 'latest'],
  ...columnsOf(shown).map(({ id }) => id),
  'since',
];

/** Whether a check's good answers hold for days; such a check does not set the row's age. */
export const isLasting = ({ goodForDays }: Pick<CheckDefinition, 'goodForDays'>): boolean =>
  goodForDays !== undefined;

/** The numbers of faults of a check, those that matter most first. */
export const faultsIn = (check: CheckDefinition) =>
  numberColumns({ checks: [check] }).filter(({ words }) => words.ofFaults);

/** The last whole minute, in milliseconds: seconds would be a fifth of the page's first data. */
export const minuteOf = (milliseconds: number): number => milliseconds - (milliseconds % 60_000);

/**
 * Columns of ages. A content check's age is relative to its base, the name check measured with it.
 */
export const ageColumns = ({ checks }: Pick<Shown, 'checks'>) =>
  checks.map((check) => ({
    id: check.id,
    of: check.of,
    isLasting: isLasting(check),
    base:
      check.of === 'names'
        ? undefined
        : checks.find((one) => one.of === 'names' && one.stage === check.stage)?.id,
  }));

/**
 * Texts for one entry's page that a list has no room for. In the catalogue's order, without names.
 */
export interface Details {
  /** Of issues: how to fix each, and who can. */
  readonly fix: readonly string[];
  readonly who: readonly Fixer[];
  /** Of checks: the text if all is well. */
  readonly ok: readonly string[];
  /** Of causes: what each is, and what to read before running its command. */
  readonly cause: readonly string[];
  readonly caution: readonly (string | null)[];
  /** Of causes: what its command changes (Cause). */
  readonly changes: readonly Cause['changes'][];
  readonly reasons: Catalogue['reasons'];
  readonly variables: Catalogue['variables'];
}

export function detailsOf(archive: Shown): Details {
  const { issues, checks, causes, reasons, variables } = catalogueOf(archive);
  return {
    fix: Array.from(issues.values(), ({ fix }) => fix),
    who: Array.from(issues.values(), ({ who }) => who),
    ok: checks.map(({ words }) => words.ok),
    cause: causes.map(({ says }) => says),
    caution: causes.map(({ caution }) => caution),
    changes: causes.map(({ changes }) => changes),
    reasons,
    variables,
  };
}

/** A place that new versions reach, and its name. */
export interface NamedPlace {
  readonly place: string;
  readonly label: string;
}

export const arrivalsOf = ({ arrivals = [] }: Shown): NamedPlace[] =>
  arrivals.map(({ place, label }) => ({ place, label }));

/** By issue: its sentence, and how that says numbers and versions. The page's list shows its rows without. */
export type SentenceWords = Readonly<
  Record<string, Pick<FindingWords, 'says'> & Partial<Pick<Finding, 'counted' | 'versions'>>>
>;

export const sentenceWordsOf = ({ checks }: Pick<Shown, 'checks'>): SentenceWords =>
  Object.fromEntries(
    checks.flatMap(({ id, findings, waits }) =>
      Object.entries({ ...findings, ...waits }).map(([name, words]) => {
        const { counted, versions }: Partial<Finding> = words;
        const own = { ...(counted && { counted }), ...(versions && { versions }) };
        return [`${id}:${name}`, { says: words.says, ...own }];
      }),
    ),
  );
