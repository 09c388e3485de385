// What the shown archive says about a single dataset.

import type { Details } from '../../core/documents/catalogue.ts';
import type { Fixer } from '../../core/monitor/check.ts';
import { chosen, ISSUES } from '../shared/catalogue.ts';
import { DETAILS } from './details.ts';

export const details = DETAILS[chosen.id] as Details;

export const fixOf = (issue: string): string => details.fix[ISSUES.indexOf(issue)] ?? '';
export const whoFixes = (issue: string): Fixer => details.who[ISSUES.indexOf(issue)] ?? 'operators';
