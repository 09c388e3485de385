// What a check is, apart from how it measures: its name, its document, its words, what it can find, and how it judges.
// Lists, words, paths, schemas, columns and permissions are made from these values. The page is given them without
// schemas and rules (lib/website/site.ts), so this file imports nothing heavy.

import type * as z from 'zod';

/** What a finding makes of its check. */
export type Severity = 'error' | 'version-mismatch' | 'warning';

export interface FindingWords {
  /** A few words, for a list. */
  readonly label: string;
  /** One sentence that a curator understands. */
  readonly says: string;
  /** What to do about it. */
  readonly mend: string;
  /** For a narrow cell of the list, where it stands in place of numbers: `no export`. */
  readonly brief?: string;
}

export interface Finding extends FindingWords {
  readonly severity: Severity;
  /** What a copy on its way looks like: of a dataset just published it does not count yet. */
  readonly onItsWay?: OnItsWay;
  /** The check's numbers are told with it: `Files missing (+12)`. */
  readonly counted?: true;
  /** Nobody can look at what is behind it, so other checks of the same copy show a lock as well. */
  readonly closed?: true;
}

/** A number that a check's record tells, as it is shown. */
export interface NumberWords {
  /** Of the compact summary, where it has a column. */
  readonly column: string;
  readonly csv: string;
  readonly label: string;
  /** Completes a number: `missing in the export`. */
  readonly says: string;
  /** Before the number in a cell: `+`. */
  readonly sign?: string;
  /** It counts faults: nothing is told of none. */
  readonly ofFaults?: true;
}

/**
 * Always; always, and with it all else that the check found, which follows from it; or where fields of the
 * evidence have these values.
 */
export type OnItsWay = true | 'with-all-else' | Readonly<Record<string, null | readonly []>>;

/** Why a check compared nothing. It waits, unless a severity is named. */
export interface Reason {
  readonly severity?: Severity;
  /** What a copy on its way looks like, as of a finding. */
  readonly onItsWay?: true;
}

/** A finding is its name, or an object that tells more (CheckDefinition.finding). */
export type Found<F extends string = string> = F | { readonly subtype: F };

export interface CheckDefinition<
  Id extends string = string,
  F extends string = string,
  W extends string = string,
> {
  /** Names it in records, rows, columns and addresses. */
  readonly id: Id;
  /** Its document, datasets/{id}/{file}.json. */
  readonly file: string;
  /** Its manifest, timestamps/{manifest}.json; where it is not named as the document is. */
  readonly manifest?: string;
  /** Title of its document's JSON Schema. */
  readonly title: string;
  /** Of the whole archive instead of each entry. */
  readonly scope?: 'archive';
  /** Every row tells a check of names; one of contents may be left out of a run. */
  readonly of: 'names' | 'contents';
  /** The stage that measures it. */
  readonly stage: string;
  readonly words: { readonly name: string; readonly asks: string; readonly ok: string };
  /** What it can find, worst first. */
  readonly findings: Readonly<Record<F, Finding>>;
  /** Its column of the list. */
  readonly column?: { readonly id: string; readonly name: string; readonly label: string };
  /** The version that its record tells, where rows have it: header of the CSV. The compact summary has it under `column.id`. */
  readonly version?: { readonly csv: string };
  /** Numbers of its record that rows have. */
  readonly numbers?: Readonly<Record<string, NumberWords>>;
  /** Its numbers `content`, `size` and `none` tell how deep files were compared. */
  readonly coverage?: true;
  /** It compares with what the archive says of the entry: unverified while that cannot be read. */
  readonly ofEntry?: true;
  /** Why it may have compared nothing. */
  readonly reasons?: Readonly<Record<string, Reason>>;
  /** Where nothing was compared there is no document. */
  readonly isOfComparisons?: true;
  /** Days for which a good answer holds; asked anew by every run where it is absent (core/monitor/good-for.ts). */
  readonly goodForDays?: number;
  /** Why it made no comparison and waits, where a list tells that like a finding. */
  readonly waits?: Readonly<Record<W, FindingWords>>;
  /** What its document holds beside the envelope (core/documents/envelope.ts): the raw facts, kept as seen. */
  readonly evidence: z.ZodObject;
  /** One finding in its document, where that is more than its name. */
  readonly finding?: z.ZodType;
  /**
   * The order of the document's fields, where there are documents of older versions; what is not named comes after,
   * and those documents may lack it.
   */
  readonly layout?: readonly string[];
  /**
   * Everything that applies, worst first. Pure: validation and later versions judge kept evidence by it.
   * @param entry what the registry says; null where that is not known, and `byEntry` findings mean nothing
   */
  judge(evidence: object, entry: unknown): readonly Found<F>[];
  /** Findings that this evidence alone does not decide; none where it is absent. */
  byEntry?(evidence: object): readonly F[];
  /** Why it says nothing, where it found nothing: null where nothing is wrong, undefined where the evidence does not tell. */
  reasonOf?(evidence: object): string | null | undefined;
}

/** Keeps the names as types: the vocabulary is made of them. */
export function defineCheck<const Id extends string, const D extends CheckDefinition<Id>>(
  definition: D & { readonly id: Id },
): D {
  return definition;
}

export const nameOf = <F extends string>(found: Found<F>): F =>
  typeof found === 'string' ? found : found.subtype;

/** Whether a finding does not count before a dataset just published is whole (docs/checks.md#new-datasets). */
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
