// The help as a part of its own, which a page loads when a person asks for it.

import type { HelpParts } from './dialogs.tsx';

export const loadHelp = (): Promise<HelpParts> => import('./help.tsx');
