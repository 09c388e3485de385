// What is shown of the DANDI archive. Separate from the archive, so that its code can use it too.

import type { Shown } from '../../core/documents/catalogue.ts';
import { CAUSE_LIST } from './causes.ts';
import { CHECK_LIST, WHOLE_CHECKS } from './checks/index.ts';
import { REASONS } from './reasons.ts';
import { VARIABLES } from './rules/commands.ts';

export const SHOWN: Shown = {
  id: 'dandi',
  words: { title: 'DANDI', entry: 'dandiset', examples: ['000027', '000243'] },
  checks: CHECK_LIST,
  wholeChecks: WHOLE_CHECKS,
  reasons: REASONS,
  causes: CAUSE_LIST,
  variables: VARIABLES,
};
