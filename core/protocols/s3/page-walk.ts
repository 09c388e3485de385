// All pages of a listing in order, several requested at once. If the keys of a listing are nearly
// those of a git tree, the tree predicts where its pages end. The page after that point is
// requested before the previous one has arrived (docs/architecture.md).
//
// A forecast only decides what is requested early. The keys are cut into segments (after, to]. Of a
// segment's pages the keys up to `to` count, and its token is followed until one reaches that far.

import type { BinaryString } from '../../compare/byte-order.ts';
import { type Absent, type Denied, type Failed, failed } from '../../failure.ts';
import type { ListedObject, ListingEvent } from '../sources.ts';
import { createForecast, type Forecast, type Mark } from './forecast.ts';
import type { ListingPage } from './list-scanner.ts';

export interface PageQuestion {
  /** Continues the page that returned it; null for a page that starts after `after`. */
  readonly token: string | null;
  /** Every key of the answer comes after this one; null for the first page. */
  readonly after: BinaryString | null;
}

/** A page that has arrived, to be parsed once, in its turn. */
export type UnreadPage = () => Promise<ListingPage | Absent | Denied | Failed>;

/** Keys are without the prefix of the listing, in requests and in answers. */
export type AskPage = (question: PageQuestion, signal: AbortSignal) => Promise<UnreadPage>;

/** Prefetched pages wait in memory. All listings share this room. */
export interface LookAhead {
  left: number;
}

export interface WalkOptions {
  readonly pageSize: number;
  /** Maximum requests of one listing. */
  readonly maxPages: number;
  readonly lookAhead: LookAhead;
  /**
   * Keys of the same listing last time; null when not known. If they filled more than a page, marks
   * are requested at once, and the pages after the first are requested together with it.
   */
  readonly lastKeys: number | null;
  /** Called after an incomplete first page, if not at once; null if nothing is known. */
  readonly marks: () => readonly Mark[] | null;
  readonly signal?: AbortSignal | undefined;
}

/** Concurrent segments after the first page, for an export that may be empty or unlike its tree. */
const FIRST_WINDOW = 8;
/** It grows by one with each good page, so it doubles in the time that one page takes. */
const WIDEST_WINDOW = 16;
const NO_KEY = '' as BinaryString;
/** Made once: an abort without a reason creates an exception with a stack for every page. */
const GIVEN_UP = new Error('the page is no longer wanted');

interface Segment {
  /** Its last key that arrived; at first the key it starts after. */
  after: BinaryString | null;
  /** The last key that counts; null when all following keys count. */
  to: BinaryString | null;
  /** Keys that it should have; null if not known. */
  expected: number | null;
  /** Keys of it that were yielded. */
  keys: number;
  page: Promise<UnreadPage>;
  readonly stop: AbortController;
}

/** The pages in order, then `end`. A refusal or a failed measurement is the last event instead. */
export async function* walkPages(ask: AskPage, options: WalkOptions): AsyncGenerator<ListingEvent> {
  const { pageSize, lastKeys, maxPages, lookAhead, signal } = options;
  const segments: Segment[] = [];
  const tokens = new Set<string>();
  let forecast: Forecast | null = null;
  let asked = 0;
  let window = FIRST_WINDOW;
  /** Everything up to here is requested; null when that is the whole listing. */
  let frontier: BinaryString | null = null;

  const question = (next: PageQuestion, stop: AbortController): Promise<UnreadPage> => {
    asked++;
    const page = ask(next, signal ? AbortSignal.any([signal, stop.signal]) : stop.signal);
    // A failure of a page that nobody reads is not reported.
    page.catch(() => {});
    return page;
  };

  const begin = (next: PageQuestion): void => {
    const { after } = next;
    const end = forecast?.endAfter(after ?? NO_KEY);
    const { to, expected } = end ?? { to: null, expected: null };
    const stop = new AbortController();
    segments.push({ after, to, expected, keys: 0, page: question(next, stop), stop });
    frontier = to;
  };

  /** Takes a segment off the queue, answered or not. */
  const drop = (place: number): void => {
    const [dropped] = segments.splice(place, 1);
    dropped?.stop.abort(GIVEN_UP);
    // The head needs no room: its page is yielded as it arrives.
    if (segments.length > 0) lookAhead.left++;
  };

  const askAhead = (most: number): void => {
    while (forecast && frontier !== null && segments.length < most && asked < maxPages) {
      if (lookAhead.left <= 0) return;
      lookAhead.left--;
      begin({ token: null, after: frontier });
    }
  };

  try {
    const lastPages = Math.ceil((lastKeys ?? 0) / pageSize);
    if (lastPages > 1) {
      forecast = forecastOf(options);
      window = WIDEST_WINDOW;
    }
    begin({ token: null, after: null });
    askAhead(Math.min(window, lastPages));
    for (let first = true, head = segments[0]; head; first = false, head = segments[0]) {
      const read = await head.page;
      const page = await read();
      if ('kind' in page) return yield page;
      const token = page.nextToken;
      if (token === null) {
        yield { kind: 'page', objects: page.objects };
        return yield { kind: 'end' };
      }

      head.after = lastKey(page) ?? head.after;
      // Segments that this page passed would only repeat its keys.
      for (let next = segments[1]; next && reaches(head.after, next.to); next = segments[1]) {
        head.to = next.to;
        // The listing is too far from the tree to predict the next pages.
        head.expected = null;
        window = Math.max(2, window >> 1);
        drop(1);
      }
      const alone = segments.length === 1;
      const objects = alone ? page.objects : upTo(page.objects, head.to);
      head.keys += objects.length;
      yield { kind: 'page', objects };
      if (first) forecast ??= forecastOf(options);

      const done = reaches(head.after, head.to);
      if (done) {
        if (head.expected !== null) forecast?.learn(head.keys, head.expected);
        window = Math.min(WIDEST_WINDOW, window + 1);
      }
      if (!done || alone) {
        const { after, stop } = head;
        if (tokens.has(token)) {
          return yield failed('malformed', 'the listing goes in a circle: a token came twice');
        }
        tokens.add(token);
        if (asked >= maxPages) {
          return yield failed('malformed', `a listing of more than ${maxPages} pages`);
        }
        if (alone) {
          drop(0);
          begin({ token, after });
        } else head.page = question({ token, after }, stop);
      } else drop(0);
      askAhead(window);
    }
  } finally {
    for (const { stop } of segments) stop.abort(GIVEN_UP);
    lookAhead.left += Math.max(0, segments.length - 1);
  }
}

function forecastOf({ marks, pageSize }: WalkOptions): Forecast | null {
  const known = marks();
  return known && createForecast(known, pageSize);
}

function lastKey({ objects }: ListingPage): BinaryString | null {
  return objects.at(-1)?.key ?? null;
}

/** No key reaches the end of an open segment. */
function reaches(key: BinaryString | null, to: BinaryString | null): boolean {
  return key !== null && to !== null && key >= to;
}

function upTo(objects: readonly ListedObject[], to: BinaryString | null): readonly ListedObject[] {
  if (to === null) return objects;
  const beyond = objects.findIndex(({ key }) => key > to);
  return beyond < 0 ? objects : objects.slice(0, beyond);
}
