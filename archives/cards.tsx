// Archives that bring cards of their own to a dataset's page. One without has those that every check has.

import type { ArchiveCards } from '../frontend/dataset/archive-cards.ts';
import { cards as dandi } from './dandi/cards/index.tsx';
import { cards as openneuro } from './openneuro/cards/index.tsx';

export const CARDS: Readonly<Record<string, ArchiveCards>> = { dandi, openneuro };
