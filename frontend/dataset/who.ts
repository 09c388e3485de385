// Words for who can fix a finding. Advice is addressed to them: whoever else reads it can only
// report it.

import type { Fixer } from '../../core/monitor/check.ts';
import { ENTRY } from '../shared/catalogue.ts';

const NAMES: Readonly<Record<Exclude<Fixer, 'nobody'>, string>> = {
  operators: "The archive's operators",
  owner: `The ${ENTRY}'s owner`,
};

/** `The archive's operators can fix this` */
export const canFix = (who: Fixer): string =>
  who === 'nobody' ? 'Nobody needs to act' : `${NAMES[who]} can fix this`;
