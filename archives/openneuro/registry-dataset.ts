// What the registry says of single datasets: the answer to `dataset(id)`, for many ids in one
// query. A dataset that is not public is reported by an error of its own.

import * as z from 'zod';
import { type Failed, failed, type Seen, seen } from '../../core/failure.ts';
import type { EntryState } from '../../core/monitor/entries.ts';
import { isDatasetId } from './ids.ts';
import { stateOfError } from './rules/leftovers.ts';

/** Each is one look-up in the server's database. */
export const DATASETS_AT_ONCE = 25;

/** @throws TypeError for an invalid dataset id: ids are put into the query as they are. */
export function datasetsQuery(ids: readonly string[]): string {
  const fields = ids.map((id) => {
    if (!isDatasetId(id)) throw new TypeError(`not a dataset id: ${JSON.stringify(id)}`);
    return `${id}: dataset(id: "${id}") { id public }`;
  });
  return `query Datasets { ${fields.join(' ')} }`;
}

const datasetSchema = z.object({ id: z.string(), public: z.boolean().nullish() }).nullable();
const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.int()])).nullish(),
        extensions: z.object({ code: z.unknown() }).nullish().catch(null),
      }),
    )
    .nullish(),
});

/**
 * @param result a GraphQL execution result, `{ data, errors? }`
 * @returns a state for each id except broken ones, or a failed measurement: an error that names no
 *   dataset may mean anything.
 */
export function readStates(
  ids: readonly string[],
  result: unknown,
): Seen<ReadonlyMap<string, EntryState>> | Failed {
  const answer = answerSchema.safeParse(result);
  if (!answer.success)
    return failed('malformed', "the registry's answer does not fit the question");
  const { data, errors } = answer.data;
  const states = new Map<string, EntryState>();
  const broken = new Set<string>();
  for (const { message, path, extensions } of errors ?? []) {
    const id = path?.[0];
    if (typeof id !== 'string' || !ids.includes(id)) {
      return failed('malformed', 'the registry answered with an error');
    }
    const state = stateOfError(message, extensions?.code);
    if (state === null) broken.add(id);
    else states.set(id, state);
  }
  for (const id of ids) {
    if (states.has(id) || broken.has(id)) continue;
    if (data == null || !Object.hasOwn(data, id)) {
      return failed('malformed', `the registry says nothing of ${id}`);
    }
    const state = stateOf(id, data[id]);
    if (state !== null) states.set(id, state);
  }
  return seen(states);
}

/** null for a value that is not a dataset, or is another dataset. */
function stateOf(id: string, answer: unknown): EntryState | null {
  const dataset = datasetSchema.safeParse(answer);
  if (!dataset.success || (dataset.data !== null && dataset.data.id !== id)) return null;
  if (dataset.data === null) return 'unknown';
  return dataset.data.public === true ? 'public' : 'not-public';
}
