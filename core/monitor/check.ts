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
}

export interface Finding extends FindingWords {
  readonly severity: Severity;
  /** What a copy on its way looks like: of a dataset just published it does not count yet. */
  readonly onItsWay?: true;
}

/** Why a check compared nothing. It waits, unless a severity is named. */
export interface Reason {
  readonly severity?: Severity;
  /** What a copy on its way looks like, as of a finding. */
  readonly onItsWay?: true;
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
  /** Why it may have compared nothing. */
  readonly reasons?: Readonly<Record<string, Reason>>;
  /** Where nothing was compared there is no document. */
  readonly isOfComparisons?: true;
  /** Why it made no comparison and waits, where a list tells that like a finding. */
  readonly waits?: Readonly<Record<W, FindingWords>>;
}

/** Keeps the names as types: the vocabulary is made of them. */
export function defineCheck<const Id extends string, const D extends CheckDefinition<Id>>(
  definition: D & { readonly id: Id },
): D {
  return definition;
}
