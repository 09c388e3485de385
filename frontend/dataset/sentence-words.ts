// What findings say, with their numbers. Separate from the catalogue, as details.ts is: the list loads
// it when its filters are shown.

import { ARCHIVES } from '../../archives/index.ts';
import { type SentenceWords, sentenceWordsOf } from '../../core/documents/catalogue.ts';

/** By archive: lib/website/site.ts fills it. */
export const SENTENCE_WORDS: Readonly<Record<string, SentenceWords>> = Object.fromEntries(
  ARCHIVES.map((archive) => [archive.id, sentenceWordsOf(archive)]),
);
