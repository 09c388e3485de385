// Changes of a board that are not saved yet, kept for the tab: a look at a dataset must not lose them.

import { type Content, documentOf, readBoard } from './document.ts';

const NAME = 'mirrorwatch.board-draft';

interface Of {
  readonly id: string;
  readonly etag: string;
}

/** @param draft null: there are none (any more) */
export function rememberDraft({ id, etag }: Of, draft: Content | null): void {
  try {
    if (draft === null) sessionStorage.removeItem(NAME);
    else sessionStorage.setItem(NAME, JSON.stringify({ id, etag, board: documentOf(draft) }));
  } catch {
    // They then live as long as the page.
  }
}

/** Null if there are none of this board as it is stored now. */
export function readDraft(id: string, etag: string, archives: readonly string[]): Content | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(NAME) ?? 'null');
    if (kept?.id !== id || kept.etag !== etag) return null;
    const read = readBoard(kept.board, archives);
    return typeof read === 'string' ? null : read.content;
  } catch {
    return null;
  }
}
