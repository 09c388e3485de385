// What a check is, apart from how it measures: its name, its document, its words, and what it can find. Lists,
// words, paths, schemas, columns and permissions are made from these values. The page bundles them, so they import
// nothing heavy.

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
  /** What a copy on its way looks like: of a dataset just published it does not count yet. */
  readonly onItsWay?: true;
}

export interface Finding extends FindingWords {
  readonly severity: Severity;
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
  /** Why it made no comparison and waits, where a list tells that like a finding. */
  readonly waits?: Readonly<Record<W, FindingWords>>;
}

/** Keeps the names as types: the vocabulary is made of them. */
export function defineCheck<const Id extends string, const D extends CheckDefinition<Id>>(
  definition: D & { readonly id: Id },
): D {
  return definition;
}
