// What the pages of archives have alike in their links.

import type { ArchivePage } from './archive.ts';

type Link = (
  about: Parameters<ArchivePage['link']>[1],
  id: string,
  at: string | null,
) => string | null;

/** @param links by the name of the place; there is no link to any other */
export const linkBy =
  (links: Readonly<Record<string, Link>>): ArchivePage['link'] =>
  (to, about, id, at = null) =>
    links[to]?.(about, id, at) ?? null;

/** What the link to a mirror is called. */
export const mirrorLabel: NonNullable<ArchivePage['lookups']>[number]['label'] = (about) =>
  about?.mirrorUrl?.startsWith('https://github.com/') ? 'GitHub' : 'Mirror';
