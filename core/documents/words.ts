// The texts of the page and the reports about statuses and failures, for every archive. An
// archive's own texts are in its catalogue (core/documents/catalogue.ts). The page bundles this
// file, so it imports types only.

import type { FailureReason } from '../failure.ts';
import type { Pending } from './documents.ts';
import { longDate } from './format.ts';
import type { PendingReason, Status } from './vocabulary.ts';

export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  error: 'Error',
  'version-mismatch': 'Mismatch',
  warning: 'Warning',
  pending: 'Pending',
  ok: 'OK',
};

/** For a check that was not made: it is neither good nor bad. */
export const NOT_CHECKED = 'Not checked';
/** For a check that a recording has no data for. */
export const NOT_CHECKED_REPLAY = 'Not checked (replay)';

/** For findings that do not count yet. */
export const PENDING_WORDS: Readonly<
  Record<PendingReason, { readonly label: string; readonly says: string }>
> = {
  'just-published': {
    label: 'Just published',
    says: 'The dataset was published a few days ago, and its copies may still be on their way.',
  },
};

/** `Just published: counts from 5 December 2026` */
export const countsFrom = ({ reason, until }: Pending): string =>
  `${PENDING_WORDS[reason].label}: counts from ${longDate(until)}`;

/** Completes "The newest attempt failed: …" */
export const FAILURE_WORDS: Readonly<Record<FailureReason, string>> = {
  timeout: 'no answer in time',
  connection: 'no connection',
  'http-5xx': 'the server reported an internal error',
  throttled: 'the server asked us to slow down',
  'cut-short': 'the answer was cut short',
  malformed: 'the answer could not be understood',
  'credentials-refused': 'the server refused us, with our credentials and without them',
  internal: 'an error in the monitor itself',
  killed: 'measuring it killed the function that did it',
};
