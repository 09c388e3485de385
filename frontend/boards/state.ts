// The open board: what is stored, what is shown of it, and what can be done with it. The view of the
// list belongs to it as well; it stays in the address (../main/state.ts).

import { batch, computed, signal } from '@preact/signals';
import { ARCHIVES } from '../../archives/index.ts';
import { capital } from '../../core/documents/coverage.ts';
import { filterWords } from '../main/title.ts';
import { ENTRY } from '../shared/catalogue.ts';
import { say } from '../shared/clipboard.ts';
import {
  type Answer,
  createBoard,
  type Done,
  deleteBoard,
  forkOf,
  hashOf,
  readBoardOf,
  replaceBoard,
} from './api.ts';
import { type Content, documentOf, isSame, MOST, pinnedHere, readBoard } from './document.ts';
import { readDraft, rememberDraft } from './drafts.ts';
import { entryOf, forget, isBoardId, remember } from './mine.ts';
import { list } from './port.ts';
import { GONE, type Problem, whyNotOpened, whyNotSaved } from './sentences.ts';

export interface Open {
  readonly kind: 'open';
  /** Null: it is from a file, and saved nowhere. */
  readonly saved: { readonly id: string; readonly etag: string } | null;
  /** As it was opened. */
  readonly base: Content;
  /** As it is shown; its view is that of the list. */
  readonly draft: Content;
  readonly leftOut: string | null;
  /** If it was changed after the link that it was opened by: when, or an empty text if nobody told. */
  readonly changedAt: string | null;
}

export type BoardState =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'trouble'; readonly text: string; readonly mayRetry: boolean }
  | Open;

export const board = signal<BoardState>({ kind: 'none' });
export const problem = signal<Problem | null>(null);
/** Whether boards can be saved here. */
export const canSave = signal(false);

const ARCHIVE_IDS = ARCHIVES.map(({ id }) => id);
/** Boards that this page had, so that Back shows them at once. */
const known = new Map<string, Done>();
/** Hashes of boards that this page has shown or made: a link with one of them is no old one. */
const seen = new Set<string>();

export const openBoard = (): Open | null => (board.value.kind === 'open' ? board.value : null);

/** The board as it would be saved now. */
export const present = computed((): Content | null => {
  const open = openBoard();
  return open && { ...open.draft, view: list().view.value };
});

export const isChanged = computed(() => {
  const open = openBoard();
  return open !== null && present.value !== null && !isSame(open.base, present.value);
});

const idIn = (query: string): string => /^board=([\w-]+)/.exec(query)?.[1] ?? '';
const hashIn = (query: string): string => /&h=(\w+)/.exec(query)?.[1] ?? '';
const addressOf = (id: string, etag: string): string => `board=${id}&h=${hashOf(etag)}`;

/** Follows the address: the board that it names is opened, and none if it names none. */
export async function follow(query: string): Promise<void> {
  const id = idIn(query);
  const open = openBoard();
  if (id === '') {
    // One that was opened from a file is in no address.
    if (open?.saved === null) showOpened(open, '');
    else board.value = { kind: 'none' };
    return;
  }
  if (open?.saved?.id === id) return showOpened(open, query);
  problem.value = null;
  const before = known.get(id);
  if (before) return take(id, before, query);
  await load(id, query);
}

async function load(id: string, query: string): Promise<void> {
  if (!isBoardId(id)) {
    board.value = { kind: 'trouble', text: GONE, mayRetry: false };
    return;
  }
  board.value = { kind: 'loading' };
  const answer = await readBoardOf(id);
  // Another board was asked for since.
  if (list().opened.value.query !== query) return;
  if (answer.kind === 'done') return take(id, answer, query);
  const mayRetry = answer.kind !== 'refused' || answer.status !== 404;
  board.value = { kind: 'trouble', text: whyNotOpened(answer), mayRetry };
}

export const retry = (): void => {
  const { query } = list().opened.value;
  void load(idIn(query), query);
};

function take(id: string, done: Done, query: string): void {
  const { etag } = done;
  const read = readBoard(done.board, ARCHIVE_IDS);
  if (read === 'newer' || read === 'broken') {
    const text =
      read === 'newer'
        ? 'This board was saved by a newer Mirrorwatch than this page. Load the page again.'
        : 'This board is not what it should be, so nothing of it is shown.';
    board.value = { kind: 'trouble', text, mayRetry: true };
    return;
  }
  if (read.otherArchive !== null) {
    const there = new URLSearchParams(location.search);
    there.set('archive', read.otherArchive);
    location.replace(`index.html?${there}`);
    return;
  }
  canSave.value = true;
  known.set(id, done);
  const given = hashIn(query);
  const isNewer = given !== '' && given !== hashOf(etag) && !seen.has(given);
  const changedAt = isNewer ? (done.changedAt ?? '') : null;
  seen.add(hashOf(etag));
  const { content, leftOut } = read;
  const draft = readDraft(id, etag, ARCHIVE_IDS) ?? content;
  batch(() => {
    showOpened(
      { kind: 'open', saved: { id, etag }, base: content, draft, leftOut, changedAt },
      query,
    );
  });
  remember({ id, title: content.title, h: hashOf(etag) });
}

/** The list takes on what the board says; what the address says of the view wins. */
function showOpened(open: Open, query: string): void {
  const { opened, view, readView, NO_BOARD } = list();
  const { base, draft } = open;
  board.value = open;
  opened.value = {
    query,
    view: open.saved ? base.view : NO_BOARD.view,
    pinned: new Set(pinnedHere(draft)),
    columns: draft.columns ?? NO_BOARD.columns,
  };
  view.value = readView(location.search, opened.value.view);
}

/** Changes what the page shows of the board; nothing is saved. */
export function change(to: Partial<Omit<Content, 'view'>>): void {
  const open = openBoard();
  if (open === null) return;
  const draft = { ...open.draft, ...to };
  const { opened, NO_BOARD } = list();
  batch(() => {
    board.value = { ...open, draft };
    opened.value = {
      ...opened.value,
      pinned: new Set(pinnedHere(draft)),
      columns: draft.columns ?? NO_BOARD.columns,
    };
  });
  if (open.saved) rememberDraft(open.saved, isSame(open.base, draft) ? null : draft);
}

/** Back to what is saved. */
export function discard(): void {
  const open = openBoard();
  if (open === null) return;
  problem.value = null;
  change(open.base);
  list().show(open.base.view);
  say('The changes are discarded.');
}

/** The list stays as it is shown, without pinned datasets and with all columns. */
export function closeBoard(): void {
  const { opened, NO_BOARD, show, view } = list();
  problem.value = null;
  opened.value = NO_BOARD;
  board.value = { kind: 'none' };
  show(view.value);
}

/** @returns a sentence if the text is no board */
export function openText(text: string): string | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'The file is not JSON.';
  }
  const read = readBoard(json, ARCHIVE_IDS);
  if (read === 'broken') return 'The file is not a board.';
  if (read === 'newer') return 'The board in the file is of a newer Mirrorwatch than this page.';
  if (read.otherArchive !== null) return `The board is about ${read.otherArchive}. Open it there.`;
  const { content, leftOut } = read;
  const { opened, NO_BOARD, show } = list();
  batch(() => {
    board.value = {
      ...{ kind: 'open', saved: null, base: content, draft: content },
      ...{ leftOut, changedAt: null },
    };
    opened.value = {
      ...NO_BOARD,
      pinned: new Set(pinnedHere(content)),
      columns: content.columns ?? NO_BOARD.columns,
    };
    show(content.view);
  });
  return null;
}

/** A title for what the list shows. */
export function titleFor(): string {
  const { view } = list();
  const words = filterWords(view.value).join(', ') || capital(`all ${ENTRY}s`);
  return [...words].slice(0, MOST.title).join('').trim();
}

/** What a new board would hold: the view, and all that the open one has. */
export function newContent(title: string, notes: string): Content {
  const { view } = list();
  const own = openBoard()?.draft ?? { columns: null, pinned: [], widgets: [] };
  return { ...own, title, notes, view: view.value };
}

/** @returns why not */
export async function saveAsNew(content: Content): Promise<Problem | null> {
  const answer = await createBoard(documentOf(content));
  if (answer.kind !== 'done') return whyNotSaved(answer);
  const open = openBoard();
  if (open?.saved) rememberDraft(open.saved, null);
  saved(answer, 'push');
  say('Board saved.');
  return null;
}

let isAtWork = false;
/** A second click while the first one is not answered would find that somebody saved meanwhile. */
async function alone(work: () => Promise<void>): Promise<void> {
  if (isAtWork) return;
  isAtWork = true;
  await work().finally(() => {
    isAtWork = false;
  });
}

/** @param how `overwrite`: also what somebody saved meanwhile */
export const saveChanges = (how: 'careful' | 'overwrite' = 'careful'): Promise<void> =>
  alone(() => replace(how));

async function replace(how: 'careful' | 'overwrite'): Promise<void> {
  const open = openBoard();
  const content = present.value;
  if (!open?.saved || content === null) return;
  const { id, etag } = open.saved;
  const ifMatch = how === 'careful' ? etag : undefined;
  const key = entryOf(id)?.editKey;
  const answer = await replaceBoard(id, { body: documentOf(content), key, ifMatch });
  if (answer.kind === 'done') {
    rememberDraft(open.saved, null);
    saved(answer, 'replace');
    say('Board saved.');
  }
  problem.value = answer.kind === 'done' ? null : whyNotSaved(answer);
}

/** A copy that can be changed, with the changes that were made so far. */
export const fork = (): Promise<void> => alone(copy);

async function copy(): Promise<void> {
  const open = openBoard();
  if (!open?.saved) return;
  const { draft } = open;
  const answer = await forkOf(open.saved.id, open.base.title);
  if (answer.kind !== 'done') {
    problem.value = whyNotSaved(answer);
    return;
  }
  rememberDraft(open.saved, null);
  const { view } = list();
  const shown = view.value;
  saved(answer, 'push');
  change(draft);
  list().show(shown);
  say('This is a copy of your own.');
}

/** Loads what somebody saved meanwhile, without the changes that were made here. */
export async function reload(): Promise<void> {
  const open = openBoard();
  if (!open?.saved) return;
  const { id } = open.saved;
  rememberDraft(open.saved, null);
  const answer = await readBoardOf(id);
  if (answer.kind !== 'done') {
    problem.value = { text: whyNotOpened(answer), remedies: ['reload'] };
    return;
  }
  saved(answer, 'reload');
}

/** The address becomes that of the board as it is stored now; a new board is a step for Back. */
function saved(done: Done, step: 'push' | 'replace' | 'reload'): void {
  const { board: json, etag, editKey } = done;
  const id = String(json.id);
  const query = addressOf(id, etag);
  const { NO_BOARD, writeView } = list();
  const address = location.pathname + writeView(NO_BOARD.view, NO_BOARD.view, query);
  if (step === 'push') history.pushState(null, '', address);
  else history.replaceState(history.state, '', address);
  if (step !== 'reload') {
    const savedAt = new Date().toISOString();
    remember({ id, savedAt, ...(editKey !== undefined && { editKey }) });
  }
  problem.value = null;
  take(id, done, query);
}

/** @returns why not */
export async function remove(id: string): Promise<Problem | null> {
  const answer: Answer = await deleteBoard(id, entryOf(id)?.editKey);
  const isGone = answer.kind === 'refused' && answer.status === 404;
  if (answer.kind !== 'done' && !isGone) return whyNotSaved(answer);
  forget(id);
  known.delete(id);
  if (openBoard()?.saved?.id === id) closeBoard();
  say('The board is deleted.');
  return null;
}

/** The address of the open board, with its view as it is shown. */
export const boardAddress = (): string => location.href.replace(/#.*/, '');

/** With the key in the part that is never sent to a server. */
export function editAddress(id: string): string | null {
  const entry = entryOf(id);
  if (!entry?.editKey) return null;
  return `${linkOf(entry)}#edit=${entry.editKey}`;
}

export const linkOf = ({ id, h }: { readonly id: string; readonly h: string }): string => {
  const { writeView, NO_BOARD } = list();
  const query = `board=${id}${h && `&h=${h}`}`;
  return `${location.origin}${location.pathname}${writeView(NO_BOARD.view, NO_BOARD.view, query)}`;
};

/** The open board as JSON, as a file has it. */
export const fileText = (content: Content): string =>
  `${JSON.stringify(documentOf(content), null, 2)}\n`;
