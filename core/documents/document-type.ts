// What a kind of document is: its path, its schema, and how long it stays.

import type * as z from 'zod';
import type { Report } from './consistency.ts';
import type { Lifetime } from './lifetimes.ts';

export interface DocumentType<S extends z.ZodType = z.ZodType> {
  /** Below the tree's root, with names of PLACEHOLDERS: `datasets/{id}/snapshots.json`. */
  readonly path: string;
  readonly title: string;
  readonly schema: S;
  /** Without it, that of the folder: see `lifetimeAt`. */
  readonly stays?: Lifetime;
  /**
   * Checks that the schema cannot make: whether its fields agree with each other and with its path.
   */
  agrees?(document: z.infer<S>, report: Report, place: Place, judged: boolean): void;
  /** Kept until the whole tree is read, for `wholeAgrees`. */
  readonly isKept?: true;
  /** Somebody else decides its form: its schemaVersion is not ours. */
  readonly isForeign?: true;
}

/** Keeps the schema's type. */
export const documentType = <S extends z.ZodType>(type: DocumentType<S>): DocumentType<S> => type;

export interface Place {
  readonly kind: string;
  /** Its dataset; null for documents of the whole archive. */
  readonly dataset: string | null;
  readonly tag: string | null;
}
