// What a check is, apart from its measurement: name, document, texts, possible findings, and
// judgement. Lists, texts, paths, schemas, columns and permissions are derived from these values.
// The page gets them without schemas and rules (lib/website/site.ts), so this file imports nothing
// heavy.

import type * as z from 'zod';

/** The status that a finding gives its check. */
export type Severity = 'error' | 'version-mismatch' | 'warning';

/**
 * Who can fix a finding: the archive's operators, the entry's owner (with a new version), or nobody
 * needs to.
 */
export type Fixer = 'operators' | 'owner' | 'nobody';

export interface FindingWords {
  /** A few words, for a list. */
  readonly label: string;
  /** One sentence that a curator understands. */
  readonly says: string;
  /** What `who` has to do about it; if that is nobody, why not. */
  readonly fix: string;
  readonly who: Fixer;
  /** For a narrow cell of the list, instead of numbers: `no export`. */
  readonly brief?: string;
}

export interface Finding extends FindingWords {
  readonly severity: Severity;
  /**
   * It may only mean that the copies of a new dataset are not finished; in that case it does not
   * count yet.
   */
  readonly onItsWay?: OnItsWay;
  /** The same with the check's version and the latest one, `{own}` and `{latest}`. */
  readonly versions?: string;
  /** The check counts what is wrong: `12 of 300 files are missing from the export`. */
  readonly counted?: {
    /** One of the check's numbers. */
    readonly number: string;
    /** One of what is counted: `file`. */
    readonly one: string;
    /** Completes "12 files are …". */
    readonly are: string;
  };
  /** The copy cannot be read, so other checks of the same copy also show a lock. */
  readonly closed?: true;
  /** A whole copy is missing or closed, which is worse than any number of files. */
  readonly isLoss?: true;
}

/** How a number of a check's record is shown. */
export interface NumberWords {
  /** Its column in the compact summary. */
  readonly column: string;
  readonly csv: string;
  /** Its own column in lists, if it counts faults; in lower case the word after the number. */
  readonly label: string;
  /** Text after the number: `missing in the export`. */
  readonly says: string;
  /** It counts faults; zero is not shown. */
  readonly ofFaults?: true;
  /**
   * It says of how many another of the check's numbers is a part: these, and what the check with
   * `coverage` compared. It is never zero.
   */
  readonly wholeOf?: string;
}

/**
 * `true`: always. `with-all-else`: always, and all other findings of the check follow from it and
 * wait too. An object: if these fields of the evidence have these values.
 */
export type OnItsWay = true | 'with-all-else' | Readonly<Record<string, null | readonly []>>;

/** Why a check compared nothing. The check waits, unless a severity is given. */
export interface Reason {
  readonly severity?: Severity;
  /** As for a finding: the copies of a new dataset may not be finished. */
  readonly onItsWay?: true;
}

/** A finding is its name, or an object with more fields (CheckDefinition.finding). */
export type Found<F extends string = string> = F | { readonly subtype: F };

export interface CheckDefinition<
  Id extends string = string,
  F extends string = string,
  W extends string = string,
> {
  /** Its name in records, rows, columns and addresses. */
  readonly id: Id;
  /** Its document, datasets/{id}/{file}.json. */
  readonly file: string;
  /** Its manifest, timestamps/{manifest}.json, if the name differs from the document's. */
  readonly manifest?: string;
  /** Title of its document's JSON Schema. */
  readonly title: string;
  /** It checks the whole archive instead of each entry. */
  readonly scope?: 'archive';
  /** Name checks are made in every run; content checks can be switched off. */
  readonly of: 'names' | 'contents';
  /** The stage that measures it. */
  readonly stage: string;
  readonly words: { readonly name: string; readonly asks: string; readonly ok: string };
  /** What it can find, worst first. */
  readonly findings: Readonly<Record<F, Finding>>;
  /** Its column in the list of the page. */
  readonly column?: { readonly id: string; readonly name: string; readonly label: string };
  /**
   * Rows have the version from its record: the CSV's header for it. The compact summary has it
   * under `column.id`.
   */
  readonly version?: { readonly csv: string };
  /** Numbers of its record that are in rows. */
  readonly numbers?: Readonly<Record<string, NumberWords>>;
  /** Its numbers `content`, `size` and `none` say how deeply files were compared. */
  readonly coverage?: true;
  /** It compares with the archive's entry, so it is unverified while the entry cannot be read. */
  readonly ofEntry?: true;
  /** Why it may have compared nothing. */
  readonly reasons?: Readonly<Record<string, Reason>>;
  /** If nothing was compared, there is no document. */
  readonly isOfComparisons?: true;
  /**
   * Days for which a good answer holds; if absent, every run re-checks (core/monitor/good-for.ts).
   */
  readonly goodForDays?: number;
  /** Reasons to compare nothing and wait, shown in lists like findings. */
  readonly waits?: Readonly<Record<W, FindingWords>>;
  /**
   * What its document holds besides the envelope (core/documents/envelope.ts): the facts as seen.
   */
  readonly evidence: z.ZodObject;
  /** One finding in its document, if it is more than a name. */
  readonly finding?: z.ZodType;
  /**
   * The order of the document's fields, if older versions fixed it. Unnamed fields come after
   * these, and older documents may lack them.
   */
  readonly layout?: readonly string[];
  /**
   * All findings that apply, worst first. Pure: validation and later versions run it on kept
   * evidence.
   * @param entry what the registry says; null if unknown, and then `byEntry` findings mean nothing
   */
  judge(evidence: object, entry: unknown): readonly Found<F>[];
  /** Findings that also depend on the entry; without this function there are none. */
  byEntry?(evidence: object): readonly F[];
  /**
   * Why nothing was compared, if nothing was found: null if all is well, undefined if the evidence
   * does not say.
   */
  reasonOf?(evidence: object): string | null | undefined;
}

/** Keeps the names as types; the vocabulary is derived from them. */
export function defineCheck<const Id extends string, const D extends CheckDefinition<Id>>(
  definition: D & { readonly id: Id },
): D {
  return definition;
}

/** What has checks: of its entries, and of itself as a whole. */
export interface Checked {
  readonly checks: readonly CheckDefinition[];
  readonly wholeChecks?: readonly CheckDefinition[];
}

/** The checks of entries, then those of the whole archive. */
export const allChecks = ({ checks, wholeChecks = [] }: Checked): readonly CheckDefinition[] => [
  ...checks,
  ...wholeChecks,
];

/** @throws when the archive has no such check */
export function checkOf(archive: Checked, id: string): CheckDefinition {
  const check = allChecks(archive).find((one) => one.id === id);
  if (check === undefined) throw new Error(`no check is named ${JSON.stringify(id)}`);
  return check;
}

export const nameOf = <F extends string>(found: Found<F>): F =>
  typeof found === 'string' ? found : found.subtype;

/** The finding from which all others of its check follow, or all that were found. */
export function leading(
  { findings }: Pick<CheckDefinition, 'findings'>,
  found: readonly string[],
): readonly string[] {
  const first = found.find((one) => findings[one]?.onItsWay === 'with-all-else');
  return first === undefined ? found : [first];
}

/**
 * Whether a finding of a newly published dataset does not count yet (docs/checks.md#new-datasets).
 */
export function isOnItsWay(
  { findings }: Pick<CheckDefinition, 'findings'>,
  finding: string,
  found: readonly string[],
  evidence: object,
): boolean {
  if (found.some((one) => findings[one]?.onItsWay === 'with-all-else')) return true;
  const when = findings[finding]?.onItsWay;
  if (typeof when !== 'object') return when !== undefined;
  const seen = evidence as Readonly<Record<string, unknown>>;
  return Object.entries(when).every(([field, value]) =>
    value === null ? seen[field] === null : Array.isArray(seen[field]) && seen[field].length === 0,
  );
}
