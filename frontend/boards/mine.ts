// The boards that this browser knows, with their edit keys. They stay in it; where it may store
// nothing, they live as long as the page.

import { signal } from '@preact/signals';
import { isObject } from './widget-document.ts';

export interface Mine {
  readonly id: string;
  readonly title: string;
  /** Absent: this browser may only read it, or nobody needs a key. */
  readonly editKey?: string;
  /** As in a board's address. */
  readonly h: string;
  /** When this browser saved it; null if it never did. */
  readonly savedAt: string | null;
  readonly seenAt: string;
}

const NAME = 'mirrorwatch.boards';
const MOST = 200;
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const KEY = /^[\w-]{43}$/;
export const isBoardId = (text: string): boolean => ID.test(text);
export const isEditKey = (text: string): boolean => KEY.test(text);

const isTime = (value: unknown): value is string =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value));

/** What is not an entry is left out. */
export function readMine(value: unknown): Mine[] {
  const entries: unknown[] = Array.isArray(value) ? value : [];
  const read = entries.flatMap((entry): Mine[] => {
    if (!isObject(entry)) return [];
    const { id, title, editKey, h, savedAt, seenAt } = entry;
    if (typeof id !== 'string' || !isBoardId(id) || typeof title !== 'string') return [];
    if (typeof h !== 'string' || !/^[0-9a-f]{0,12}$/.test(h) || !isTime(seenAt)) return [];
    const key = typeof editKey === 'string' && isEditKey(editKey) ? { editKey } : {};
    const saved = isTime(savedAt) ? savedAt : null;
    return [{ id, title: title.slice(0, 200), ...key, h, savedAt: saved, seenAt }];
  });
  return ordered(read);
}

/** Each once, the newest use first, and no more than there is room for. */
export function ordered(entries: readonly Mine[]): Mine[] {
  const byId = new Map<string, Mine>();
  for (const entry of entries.toSorted((a, b) => Date.parse(b.seenAt) - Date.parse(a.seenAt))) {
    const newer = byId.get(entry.id);
    // An older entry may still have the key.
    byId.set(entry.id, newer ? { ...entry, ...newer } : entry);
  }
  return [...byId.values()].slice(0, MOST);
}

function stored(): Mine[] {
  try {
    return readMine(JSON.parse(localStorage.getItem(NAME) ?? '[]'));
  } catch {
    return [];
  }
}

export const mine = signal<readonly Mine[]>([]);
/** False: what is in the list is gone with the page. */
export const isKept = signal(true);

/** Reads the list, and follows other tabs. */
export function followMine(): void {
  mine.value = stored();
  addEventListener('storage', ({ key }) => {
    if (key === NAME || key === null) mine.value = stored();
  });
}

/** Other tabs may have changed the list since. */
function change(to: (before: readonly Mine[]) => readonly Mine[]): void {
  const next = to(isKept.value ? stored() : mine.value);
  mine.value = next;
  try {
    localStorage.setItem(NAME, JSON.stringify(next));
    isKept.value = true;
  } catch {
    isKept.value = false;
  }
}

/** Who saved a board without being told a key needs none. */
export const mayChange = (entry: Mine | undefined): boolean =>
  entry !== undefined && (entry.editKey !== undefined || entry.savedAt !== null);

export const entryOf = (id: string): Mine | undefined => mine.value.find((one) => one.id === id);

/** A board was seen, or saved. What is not given stays as it was. */
export function remember(entry: Partial<Mine> & Pick<Mine, 'id'>): void {
  const seenAt = new Date().toISOString();
  change((before) => {
    const known = before.find(({ id }) => id === entry.id);
    const blank = { title: '', h: '', savedAt: null };
    return ordered([{ ...blank, ...known, ...entry, seenAt }, ...before]);
  });
}

export function forget(id: string): void {
  change((before) => before.filter((one) => one.id !== id));
}

/** @returns how many of them are new */
export function addMine(entries: readonly Mine[]): number {
  const before = mine.value.length;
  change((known) => ordered([...entries, ...known]));
  return mine.value.length - before;
}
