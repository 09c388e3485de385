// Columns: lists with a number for each row or each run, of which an archive may have 100,000. zod
// makes an object for every entry that it checks. So a column that fits is seen through in one pass,
// which takes a tenth of the time, and zod only says what is wrong with one that does not.

import * as z from 'zod';
import { count } from './documents.ts';

type Entry = number | null;

/** The list's schema with a quick yes. Copies of it (`meta`, `describe`) do without. */
function column<S extends z.ZodType<Entry>>(
  entry: S,
  fits: (value: unknown) => boolean,
): z.ZodArray<S> {
  const schema = z.array(entry);
  const { run } = schema._zod;
  schema._zod.run = (payload, context) => {
    const { value } = payload;
    // Not `every`, which passes over holes.
    if (!Array.isArray(value) || value.findIndex((one) => !fits(one)) >= 0) {
      return run(payload, context);
    }
    payload.value = value.slice();
    return payload;
  };
  return schema;
}

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

/** Numbers from 0. */
export const counts = column(count, isCount);
/** Null: there is none. */
export const maybeCounts = column(count.nullable(), (value) => value === null || isCount(value));
/** Any numbers; null: not known. */
export const maybeNumbers = column(
  z.number().nullable(),
  (value) => value === null || Number.isFinite(value),
);
