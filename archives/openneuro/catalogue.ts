// What is shown of OpenNeuro. Separate from the archive, so that the archive's code can use it too.

import { catalogueOf, type Shown } from '../../core/documents/catalogue.ts';
import { ARRIVALS } from './arrivals.ts';
import { CAUSE_LIST } from './causes.ts';
import { CHECK_LIST, WHOLE_CHECKS } from './checks/index.ts';
import { REASONS } from './reasons.ts';

export const SHOWN: Shown = {
  id: 'openneuro',
  isAtRoot: true,
  words: { title: 'OpenNeuro', entry: 'dataset', examples: ['ds000117', 'ds000246'] },
  checks: CHECK_LIST,
  wholeChecks: WHOLE_CHECKS,
  causes: CAUSE_LIST,
  reasons: REASONS,
  arrivals: ARRIVALS,
  variables: {
    DATASETS: "the folder with all datasets' repositories on OpenNeuro's server",
    OPENNEURO_TOKEN: 'an API key of OpenNeuro with the rights of an administrator',
  },
};

export const CATALOGUE = /* @__PURE__ */ catalogueOf(SHOWN);
