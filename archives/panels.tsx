// Archives that bring a panel of their own to the list, under "The archive as a whole"; loaded when
// that is opened.

import type { FunctionComponent } from 'preact';

export const PANELS: Readonly<Record<string, () => Promise<FunctionComponent>>> = {
  openneuro: async () => (await import('./openneuro/cards/leftovers.tsx')).Leftovers,
};
