// What the findings of the shown archive say.

import type { SentenceWords } from '../../core/documents/catalogue.ts';
import { chosen } from '../shared/catalogue.ts';
import { SENTENCE_WORDS } from './sentence-words.ts';

export const sentences = SENTENCE_WORDS[chosen.id] as SentenceWords;
