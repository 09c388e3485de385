// Copies in the bucket of datasets that are not public (docs/checks.md#leftovers): named by id,
// never by file names.

import { compareBytes } from '../../../core/compare/byte-order.ts';
import type { EntryState } from '../../../core/monitor/entries.ts';
import type { Leftovers } from '../documents.ts';
import { isDatasetId } from '../ids.ts';
import type { LeftoverState } from '../vocabulary.ts';

/** Ids of dataset folders in the bucket that the registry's reading does not know. */
export function suspects(folders: Iterable<string>, known: ReadonlySet<string>): string[] {
  return [...new Set(folders)].filter((id) => isDatasetId(id) && !known.has(id)).sort(compareBytes);
}

/** A dataset that became public since the registry was read is not a leftover. */
export function leftoversOf(answers: ReadonlyMap<string, EntryState>): Leftovers['leftovers'] {
  return Array.from(answers)
    .flatMap(([id, state]) => (state === 'public' ? [] : [{ id, state }]))
    .sort((a, b) => compareBytes(a.id, b.id));
}

/** The API's words for a deleted dataset: "Dataset ds005592 has been deleted. Reason: …". */
const DELETED = /^Dataset ds\d{6} has been deleted\b/;
const NO_ACCESS = /\bdo not have access\b/;
const NO_SUCH = /\b(?:does not exist|not found)\b/;

/**
 * What an error of the API says of the dataset in question; null when it says nothing of it: an
 * entry that is broken in the registry is not a leftover. The reason of a deletion is not kept.
 */
export function stateOfError(message: string, code: unknown): LeftoverState | null {
  if (code === 'DELETED_DATASET' || DELETED.test(message)) return 'deleted';
  if (NO_ACCESS.test(message)) return 'not-public';
  return NO_SUCH.test(message) ? 'unknown' : null;
}
