// What a check is, apart from how it measures: its name, its document, its words, what it can find, and how it judges.
// Lists, words, paths, schemas, columns and permissions are made from these values. The page is given them without
// schemas and rules (lib/website/site.ts), so this file imports nothing heavy.

import type * as z from 'zod';

/** The status that a finding gives its check. */
export type Severity = 'error' | 'version-mismatch' | 'warning';

export interface FindingWords {
  /** A few words, for a list. */
  readonly label: string;
  /** One sentence that a curator understands. */
  readonly says: string;
  /** What to do about it. */
  readonly mend: string;
  /** For a narrow cell of the list, instead of numbers: `no export`. */
  readonly brief?: string;
}

export interface Finding extends FindingWords {
  readonly severity: Severity;
  /** It may only mean that the copies of a new dataset are not finished; then it does not count yet. */
  readonly onItsWay?: OnItsWay;
  /** The check's numbers are shown with it: `Files missing (+12)`. */
  readonly counted?: true;
  /** The copy cannot be read, so other checks of the same copy show a lock as well. */
  readonly closed?: true;
}

/** How a number of a check's record is shown. */
export interface NumberWords {
  /** Its column in the compact summary. */
  readonly column: string;
  readonly csv: string;
  readonly label: string;
  /** Completes a number: `missing in the export`. */
  readonly says: string;
  /** Before the number in a cell: `+`. */
  readonly sign?: string;
  /** It counts faults: zero is not shown. */
  readonly ofFaults?: true;
}

/**
 * `true`: always. `with-all-else`: always, and so do all other findings of the check, which follow from it. Otherwise where
 * fields of the evidence have these values.
 */
export type OnItsWay = true | 'with-all-else' | Readonly<Record<string, null | readonly []>>;

/** Why a check compared nothing. It waits, unless a severity is named. */
export interface Reason {
  readonly severity?: Severity;
  /** As for a finding: it may only mean that the copies of a new dataset are not finished. */
  readonly onItsWay?: true;
}

/** A finding is its name, or an object that tells more (CheckDefinition.finding). */
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
  /** Its manifest, timestamps/{manifest}.json, where that has another name than the document. */
  readonly manifest?: string;
  /** Title of its document's JSON Schema. */
  readonly title: string;
  /** Of the whole archive instead of each entry. */
  readonly scope?: 'archive';
  /** A check of names is made in every run; one of contents can be switched off. */
  readonly of: 'names' | 'contents';
  /** The stage that measures it. */
  readonly stage: string;
  readonly words: { readonly name: string; readonly asks: string; readonly ok: string };
  /** What it can find, worst first. */
  readonly findings: Readonly<Record<F, Finding>>;
  /** Its column in the list of the page. */
  readonly column?: { readonly id: string; readonly name: string; readonly label: string };
  /** Rows have the version of its record: the CSV's header for it. The compact summary has it under `column.id`. */
  readonly version?: { readonly csv: string };
  /** Numbers of its record that rows have. */
  readonly numbers?: Readonly<Record<string, NumberWords>>;
  /** Its numbers `content`, `size` and `none` say how deeply files were compared. */
  readonly coverage?: true;
  /** It compares with the archive's entry, so it is unverified while that cannot be read. */
  readonly ofEntry?: true;
  /** Why it may have compared nothing. */
  readonly reasons?: Readonly<Record<string, Reason>>;
  /** Where nothing was compared there is no document. */
  readonly isOfComparisons?: true;
  /** Days for which a good answer holds; asked anew by every run where it is absent (core/monitor/good-for.ts). */
  readonly goodForDays?: number;
  /** Reasons to compare nothing and wait that lists show like findings. */
  readonly waits?: Readonly<Record<W, FindingWords>>;
  /** What its document holds beside the envelope (core/documents/envelope.ts): the facts as they were seen. */
  readonly evidence: z.ZodObject;
  /** One finding in its document, where that is more than its name. */
  readonly finding?: z.ZodType;
  /**
   * The order of the document's fields, where older versions fixed it. Fields that are not named come after, and
   * older documents may lack them.
   */
  readonly layout?: readonly string[];
  /**
   * All findings that apply, worst first. Pure: validation and later versions run it over kept evidence.
   * @param entry what the registry says; null where that is not known, and `byEntry` findings then mean nothing
   */
  judge(evidence: object, entry: unknown): readonly Found<F>[];
  /** Findings that depend on the entry as well; without this function there are none. */
  byEntry?(evidence: object): readonly F[];
  /** Why nothing was compared, if nothing was found: null if all is well, undefined if the evidence does not say. */
  reasonOf?(evidence: object): string | null | undefined;
}

/** Keeps the names as types, from which the vocabulary is made. */
export function defineCheck<const Id extends string, const D extends CheckDefinition<Id>>(
  definition: D & { readonly id: Id },
): D {
  return definition;
}

export const nameOf = <F extends string>(found: Found<F>): F =>
  typeof found === 'string' ? found : found.subtype;

/** Whether a finding of a dataset just published does not count yet (docs/checks.md#new-datasets). */
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
