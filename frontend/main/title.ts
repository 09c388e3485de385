// The view as the title of the page: in tabs, bookmarks and the history of the browser.

import '../shared/common.ts';
import { counted } from '../../core/documents/format.ts';
import { PENDING_WORDS, STATUS_WORDS } from '../../core/documents/words.ts';
import { catalogue, ENTRY } from '../shared/catalogue.ts';
import { visible } from '../shared/visible.ts';
import type { View } from './view.ts';

/** What a view filters by, in words. */
export function filterWords(view: View): string[] {
  const { causeById, checkById, issues } = catalogue;
  const nameOf = (check: string) => checkById.get(check)?.words.name;
  return [
    ...view.statuses.map((status) => STATUS_WORDS[status]),
    ...view.checks.map((check) => `${nameOf(check)} not OK`),
    ...view.uncompared.map((check) => `${nameOf(check)} not comparable`),
    ...view.issues.flatMap((issue) => issues.get(issue)?.label ?? []),
    ...view.causes.flatMap((cause) => causeById.get(cause)?.label ?? []),
    ...(view.unverified ? ['Unverified'] : []),
    ...(view.justPublished ? [PENDING_WORDS['just-published'].label] : []),
    ...(view.query.trim() === '' ? [] : [`“${visible(view.query.trim())}”`]),
  ];
}

/**
 * `Error, Files missing: 122 datasets – Mirrorwatch`; without a filter only the number.
 * @param shown datasets in the view
 */
export function titleOf(view: View, shown: number): string {
  const filters = filterWords(view).join(', ');
  return `${filters && `${filters}: `}${counted(shown, ENTRY)} – Mirrorwatch`;
}
