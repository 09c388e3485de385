// Why a check of OpenNeuro had nothing to check, or could not tell.

import type { ReasonWords } from '../../core/documents/catalogue.ts';
import type { doi } from './checks/doi.ts';
import type { NotCheckedReason } from './vocabulary.ts';

export const REASONS: Readonly<Record<NotCheckedReason | keyof typeof doi.reasons, ReasonWords>> = {
  'tag-not-on-mirror': { says: 'the tag of this version is not on the mirror' },
  'mirror-absent': { says: 'no mirror can be read' },
  blocked: { says: 'the export cannot be read' },
  'export-missing': { says: 'the export holds no file' },
  'annex-branch-missing': { says: 'the mirror has no git-annex branch' },
  'commit-not-on-mirror': {
    says: 'the mirror does not have the commit that the registry names for this version',
    untold: true,
  },
  'doi-expected': { says: 'the version is less than three days old' },
  'versions-not-read': {
    says: 'the git-annex branch holds too many logs of versions to read them',
    untold: true,
  },
};
