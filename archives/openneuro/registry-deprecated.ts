// Whether a snapshot is deprecated. The registry says so of single snapshots, not in its list.

import * as z from 'zod';
import { type Failed, failed, type Seen, seen } from '../../core/failure.ts';
import type { Deprecation } from './sources.ts';

export const DEPRECATED_QUERY = `query Deprecated($datasetId: ID!, $tag: String!) {
  snapshot(datasetId: $datasetId, tag: $tag) { tag deprecated { reason } }
}`;

const answerSchema = z.object({
  data: z.object({
    snapshot: z.object({
      tag: z.string(),
      deprecated: z.object({ reason: z.string().nullish() }).nullable(),
    }),
  }),
  errors: z.array(z.unknown()).max(0).nullish(),
});

/** @param result a GraphQL execution result, `{ data, errors? }` */
export function readDeprecation(tag: string, result: unknown): Seen<Deprecation | null> | Failed {
  const answer = answerSchema.safeParse(result);
  if (!answer.success || answer.data.data.snapshot.tag !== tag) {
    return failed('malformed', `the registry says nothing of the snapshot ${tag}`);
  }
  const { deprecated } = answer.data.data.snapshot;
  return seen(deprecated && { reason: deprecated.reason ?? null });
}
