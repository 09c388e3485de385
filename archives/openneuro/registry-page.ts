// Turns one page of the registry, as it comes over the wire, into a page as the stages see it.
// Nothing in it is trusted, and nothing is dropped silently (docs/checks.md#registry).

import * as z from 'zod';
import { type Failed, failed } from '../../core/failure.ts';
import { firstIssue, oneLine } from './one-line.ts';
import { type Complaint, readEntry } from './registry-entry.ts';
import type { RegistryDataset, RegistryPage } from './sources.ts';

/** The answer to the query's fields; `after` is the last page's cursor, absent at first. */
export const PAGE_QUERY = `query PublicDatasets($first: Int!, $after: String) {
  datasets(
    first: $first
    after: $after
    orderBy: { created: ascending }
    filterBy: { public: true }
  ) {
    edges {
      node {
        id
        name
        publishDate
        latestSnapshot { tag created hexsha }
        snapshots { tag created hexsha }
      }
    }
    pageInfo { hasNextPage endCursor count }
  }
}`;

const errorSchema = z.object({
  message: z.string().catch('an error without a message'),
  path: z
    .array(z.union([z.string(), z.int()]))
    .nullish()
    .catch(null),
});

/** The frame of a page; each entry is read on its own, so that a broken one does not affect the others. */
const envelopeSchema = z.object({
  data: z.object({
    datasets: z.object({
      edges: z.array(z.unknown()),
      pageInfo: z.object({
        hasNextPage: z.boolean(),
        endCursor: z.string().nullish(),
        count: z.int().nonnegative().nullish().catch(null),
      }),
    }),
  }),
  errors: z.array(errorSchema).nullish(),
  extensions: z.record(z.string(), z.unknown()).optional(),
});

/** A page, and the cursor of the next one; null on the last page. */
export interface PageReading {
  readonly kind: 'page';
  readonly page: RegistryPage;
  readonly next: string | null;
}

/** @param result a GraphQL execution result, `{ data, errors? }`. */
export function readPage(result: unknown): PageReading | Failed {
  const envelope = envelopeSchema.safeParse(result);
  if (!envelope.success) return failed('malformed', refusal(result, envelope.error));
  const { data, errors } = envelope.data;
  const { edges, pageInfo } = data.datasets;

  const complaints = new Map<number, Complaint[]>();
  const notes: string[] = [];
  for (const error of errors ?? []) {
    const path = error.path ?? [];
    const message = oneLine(error.message);
    const [index, ...place] = path[0] === 'datasets' && path[1] === 'edges' ? path.slice(2) : [];
    if (path.join('.') === 'datasets.pageInfo.count') notes.push(`the count: ${message}`);
    // An error that names no entry may be about any entry.
    else if (typeof index !== 'number' || index >= edges.length) {
      return failed('malformed', `the registry answered with an error: ${message}`);
    } else {
      const others = complaints.get(index);
      if (others === undefined) complaints.set(index, [{ place, message }]);
      else others.push({ place, message });
    }
  }

  const datasets: RegistryDataset[] = [];
  const broken: { id: string | null; detail: string }[] = [];
  for (const [index, edge] of edges.entries()) {
    const reading = readEntry(edge, complaints.get(index) ?? []);
    if (reading.kind === 'dataset') {
      datasets.push(reading.dataset);
      notes.push(...reading.notes);
    } else broken.push({ id: reading.id, detail: reading.detail });
  }

  const page: RegistryPage = { datasets, broken, count: pageInfo.count ?? null, notes };
  if (!pageInfo.hasNextPage) return { kind: 'page', page, next: null };
  if (!pageInfo.endCursor) return failed('malformed', 'the registry promises more, but no cursor');
  if (edges.length === 0) return failed('malformed', 'the registry promises more on an empty page');
  return { kind: 'page', page, next: pageInfo.endCursor };
}

/** Why there is no page: the registry's own message goes before what is wrong with its answer. */
function refusal(result: unknown, error: z.ZodError): string {
  const said = z.object({ errors: z.array(errorSchema).min(1) }).safeParse(result);
  const message = said.data?.errors[0]?.message;
  return message === undefined
    ? `the registry's answer is no page: ${firstIssue(error)}`
    : `the registry answered with an error: ${oneLine(message)}`;
}
