// Shapes that the evidence of several checks shares, and a short way to write findings.

import * as z from 'zod';
import { instantSchema, shaSchema } from '../../../core/ids.ts';
import type { Finding, Fixer, Severity } from '../../../core/monitor/check.ts';
import { EMBARGO } from '../sources/registry-answers.ts';

/** Documents show so many paths of a kind; all of them are counted. */
export const EXAMPLES = 100;
/** Text from elsewhere; paths have at most 512 characters, keys of zarrs 1,024 bytes. */
export const text = z.string().max(2048);
export const count = z.int().nonnegative();
export const commit = shaSchema;
export const instant = instantSchema;
export const embargo = z.enum(EMBARGO);
/** A time as the archive writes it, to the microsecond. */
export const time = z.string().max(64);

/** How many there are, and the first of them. */
export const some = z.object({ count, examples: z.array(text) });
export type Some = z.infer<typeof some>;

/** The first ones are shown, in the given order. */
export function someOf(all: readonly string[]): Some {
  return { count: all.length, examples: all.slice(0, EXAMPLES).map(shown) };
}

export const NONE: Some = { count: 0, examples: [] };

/** Hostile text, cut and well-formed; what it means to a reader is the page's business. */
export const shown = (value: string): string => value.slice(0, 2048).toWellFormed();

const ofSeverity =
  <S extends Severity>(severity: S) =>
  (label: string, says: string, fix: string, who: Fixer = 'operators') =>
    ({ severity, label, says, fix, who }) satisfies Finding;

export const error = ofSeverity('error');
export const mismatch = ofSeverity('version-mismatch');
export const warning = ofSeverity('warning');
