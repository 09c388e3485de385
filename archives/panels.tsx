// Archives that bring a panel of their own to the list, below the likely causes.

import type { FunctionComponent } from 'preact';
import { Leftovers } from './openneuro/cards/leftovers.tsx';

export const PANELS: Readonly<Record<string, FunctionComponent>> = { openneuro: Leftovers };
