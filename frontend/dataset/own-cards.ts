// What the shown archive brings to a dataset's page, if it brings anything.

import { CARDS } from '../../archives/cards.tsx';
import { chosen } from '../shared/catalogue.ts';
import type { ArchiveCards } from './archive-cards.ts';

export const OWN: ArchiveCards | undefined = CARDS[chosen.id];
