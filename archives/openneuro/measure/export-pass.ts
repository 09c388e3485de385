// One pass over an export's listing, which serves all checks that need it: the comparison of names
// and contents, the choice of keys to ask for, and what git-annex claims to have exported.

import type { BinaryString } from '../../../core/compare/byte-order.ts';
import { createDiff, type DiffResult, type IsBookkeeping } from '../../../core/compare/diff.ts';
import { type Failed, failed } from '../../../core/failure.ts';
import type { ContentList } from '../../../core/protocols/git/content-list.ts';
import type { LikelyKeys, ListedObject, ListingEvent } from '../../../core/protocols/sources.ts';
import type { createKeyChoice } from '../rules/s3-access.ts';
import { type ContentComparison, createContentComparison } from '../rules/s3-content.ts';
import type { Context } from '../sources.ts';

/** A listing whose first page, at least, is already requested. */
export interface OpenListing {
  readonly events: AsyncIterator<ListingEvent>;
  readonly first: Promise<IteratorResult<ListingEvent>>;
  /** Cancels the requests in flight. */
  close(): void;
}

/** Made once, for all datasets: without it each abort makes an exception with a stack. */
const CLOSED = new Error('the listing is no longer wanted');

/** Requests pages as soon as `likely` tells where they are, and the first one at once. */
export function openListing(context: Context, dataset: string, likely?: LikelyKeys): OpenListing {
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const listing = context.export.listObjects(dataset, signal, likely);
  const events = listing[Symbol.asyncIterator]();
  const first = events.next();
  // A caller with nothing to compare never awaits this.
  first.catch(() => {});
  const close = (): void => {
    stop.abort(CLOSED);
    // A caller that stopped at a failure left the iterator open, with its share of the prefetch.
    events.return?.().catch(() => {});
  };
  return { events, first, close };
}

/** Handles every page in order; returns null if the listing was whole, or read up to the limit. */
export async function eachPage(
  { events, first }: OpenListing,
  handle: (objects: readonly ListedObject[]) => void,
  maxPages = Number.POSITIVE_INFINITY,
): Promise<Failed | null> {
  let pages = 0;
  for (let next = await first; !next.done; next = await events.next()) {
    const event = next.value;
    switch (event.kind) {
      case 'page':
        handle(event.objects);
        if (++pages >= maxPages) return null;
        break;
      case 'end':
        return null;
      case 'failed':
        return event;
      case 'absent':
        return failed('malformed', 'there is no such bucket');
      case 'denied':
        return failed('malformed', `the listing was refused (${event.status})`);
    }
  }
  return failed('cut-short', 'the listing ended before its end marker');
}

export interface PassResult {
  readonly difference: DiffResult;
  readonly contents: ContentComparison;
  /** Paths that the export lacks of the commit that git-annex recorded, if it is another. */
  readonly claimed: readonly BinaryString[] | null;
}

/**
 * @param files of the commit that is compared
 * @param claimed files of another commit, only to find which of them the export lacks
 * @param isBookkeeping for this dataset
 */
export async function passOver(
  listing: OpenListing,
  files: ContentList,
  claimed: ContentList | null,
  choice: ReturnType<typeof createKeyChoice> | null,
  isBookkeeping: IsBookkeeping,
): Promise<PassResult | Failed> {
  const comparison = createContentComparison();
  const diff = createDiff(files, isBookkeeping, (entry, object) =>
    comparison.both(entry.path, entry.content, object),
  );
  const claim = claimed && createDiff(claimed, isBookkeeping);
  const fault = await eachPage(listing, (objects) => {
    diff.push(objects);
    claim?.push(objects);
    choice?.push(objects);
  });
  if (fault !== null) return fault;
  return {
    difference: diff.end(),
    contents: comparison.result(),
    claimed: claim === null ? null : claim.end().added,
  };
}
