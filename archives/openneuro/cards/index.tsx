// What OpenNeuro brings to a dataset's page.

import type { ArchiveCards } from '../../../frontend/dataset/archive-cards.ts';
import { askedAddress, issueTracker } from '../report-links.ts';
import { CHECK_CARDS } from './checks.tsx';
import { CONTENT_CARDS } from './content-checks.tsx';
import { Snapshots } from './snapshots.tsx';
import { loadAll, reasonOf } from './state.ts';
import { Viewer } from './viewer.tsx';

export const cards: ArchiveCards = {
  checks: { ...CHECK_CARDS, ...CONTENT_CARDS },
  below: [Snapshots, Viewer],
  reasonOf,
  load: loadAll,
  asked: askedAddress,
  issues: issueTracker,
};
