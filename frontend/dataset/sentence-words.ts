// How findings are said with their numbers. Apart from the catalogue, as details.ts is: the list does
// not load it.

import { ARCHIVES } from '../../archives/index.ts';
import { type SentenceWords, sentenceWordsOf } from '../../core/documents/catalogue.ts';

/** By archive. */
export const SENTENCE_WORDS: Readonly<Record<string, SentenceWords>> = Object.fromEntries(
  ARCHIVES.map((archive) => [archive.id, sentenceWordsOf(archive)]),
);
