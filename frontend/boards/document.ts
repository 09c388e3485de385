// A board as the page uses it, and as JSON. Reading is lenient: words that the page does not know
// (any more) are left out and counted. What is written has only words that the page knows.

import type { Board } from '../../boards/schema.ts';
import { sortKeysOf } from '../../core/documents/catalogue.ts';
import { counted, listed } from '../../core/documents/format.ts';
import { STATUSES } from '../../core/documents/vocabulary.ts';
import type { View } from '../main/view.ts';
import { CAUSES, CHECKS, catalogue, chosen, ISSUES } from '../shared/catalogue.ts';
import { isObject, readWidget, type Widget } from './widget-document.ts';

const BOARD_VERSION = 1;
const SORT_KEYS = sortKeysOf(catalogue);

export interface Content {
  readonly title: string;
  readonly notes: string;
  readonly view: View;
  /** In the order of the table; null: all. */
  readonly columns: readonly string[] | null;
  /** `archive:dataset id` */
  readonly pinned: readonly string[];
  readonly widgets: readonly Widget[];
}

export interface Read {
  readonly content: Content;
  /** What was left out, in words: `2 filters of this board are no longer known.` */
  readonly leftOut: string | null;
  /** The archive of its view, if it is another one than the page shows. */
  readonly otherArchive: string | null;
}

/** `newer`: by a later version of Mirrorwatch; `broken`: no board at all. */
export type NotRead = 'newer' | 'broken';

const PIN = /^[a-z0-9-]+:[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
/** Of a title, notes and the list of pins (boards/schema.ts). */
export const MOST = { title: 120, notes: 4000, pinned: 2000, widgets: 50 } as const;

/** @param archives ids of those that the page knows */
export function readBoard(value: unknown, archives: readonly string[]): Read | NotRead {
  if (!isObject(value)) return 'broken';
  const { schemaVersion, title, notes = '', view, columns, pinned = [], widgets = [] } = value;
  if (typeof schemaVersion === 'number' && schemaVersion > BOARD_VERSION) return 'newer';
  if (typeof title !== 'string' || title.trim() === '' || !isObject(view)) return 'broken';
  if (typeof notes !== 'string' || !Array.isArray(pinned) || !Array.isArray(widgets)) {
    return 'broken';
  }
  const other = view.archive ?? chosen.id;
  const isOther = other !== chosen.id && archives.includes(String(other));
  const own = readBoardView(view);
  const shownColumns = Array.isArray(columns)
    ? SORT_KEYS.filter((key) => key === 'id' || columns.includes(key))
    : null;
  const pins = pinned
    .filter((pin) => typeof pin === 'string' && PIN.test(pin))
    .slice(0, MOST.pinned);
  const ids = new Set<string>();
  const drawn = widgets.slice(0, MOST.widgets).flatMap((one) => {
    const widget = readWidget(one, archives);
    if (widget === null || ids.has(widget.id)) return [];
    ids.add(widget.id);
    return widget;
  });
  const unknownColumns = Array.isArray(columns)
    ? columns.filter((column) => !SORT_KEYS.includes(column)).length
    : 0;
  const left = [
    [own.unknown + Number(!isOther && other !== chosen.id), 'filter'],
    [unknownColumns, 'column'],
    [pinned.length - pins.length, 'pinned dataset'],
    [widgets.length - drawn.length, 'widget'],
  ] as const;
  return {
    content: {
      title: title.trim(),
      notes,
      view: own.view,
      columns: shownColumns,
      pinned: [...new Set<string>(pins)],
      widgets: drawn,
    },
    leftOut: leftOutWords(left.filter(([many]) => many > 0)),
    otherArchive: isOther ? String(other) : null,
  };
}

function leftOutWords(left: readonly (readonly [number, string])[]): string | null {
  if (left.length === 0) return null;
  const all = left.reduce((sum, [many]) => sum + many, 0);
  const what = listed(left.map(([many, one]) => counted(many, one)));
  return `${what} of this board ${all === 1 ? 'is' : 'are'} no longer known.`;
}

export const WHOLE_ORDER = { sort: 'status', descending: false } as const;

/** @returns the view, and how many of its words are not known */
export function readBoardView(value: Readonly<Record<string, unknown>>): {
  readonly view: View;
  readonly unknown: number;
} {
  let unknown = 0;
  const words = <T extends string>(given: unknown, known: readonly T[]): T[] => {
    const all: unknown[] = Array.isArray(given) ? given : [];
    const kept = known.filter((word) => all.includes(word));
    unknown += new Set(all).size - kept.length;
    return kept;
  };
  const isSorted = typeof value.sort === 'string';
  const isKnownSort = isSorted && SORT_KEYS.includes(String(value.sort));
  unknown += Number(isSorted && !isKnownSort);
  return {
    view: {
      statuses: words(value.status, STATUSES),
      checks: words(value.check, CHECKS),
      uncompared: words(value.notComparable, CHECKS),
      issues: words(value.issue, ISSUES),
      causes: words(value.cause, CAUSES),
      unverified: value.unverified === true,
      justPublished: value.justPublished === true,
      query: typeof value.q === 'string' ? value.q.slice(0, 200) : '',
      ...(isKnownSort
        ? { sort: String(value.sort), descending: value.descending === true }
        : WHOLE_ORDER),
    },
    unknown,
  };
}

export function boardViewOf(view: View): Board['view'] {
  const lists = {
    status: view.statuses,
    check: view.checks,
    notComparable: view.uncompared,
    issue: view.issues,
    cause: view.causes,
  };
  const isWholeOrder = view.sort === WHOLE_ORDER.sort && view.descending === WHOLE_ORDER.descending;
  return {
    archive: chosen.id,
    ...Object.fromEntries(Object.entries(lists).filter(([, words]) => words.length > 0)),
    ...(view.unverified && { unverified: true }),
    ...(view.justPublished && { justPublished: true }),
    ...(view.query.trim() !== '' && { q: view.query.toWellFormed() }),
    ...(!isWholeOrder && { sort: view.sort, descending: view.descending }),
  };
}

/** As it is written, and exported. */
export function documentOf({ title, notes, view, columns, pinned, widgets }: Content): Board {
  return {
    schemaVersion: BOARD_VERSION,
    title,
    ...(notes !== '' && { notes }),
    view: boardViewOf(view),
    ...(columns && { columns: [...columns] }),
    ...(pinned.length > 0 && { pinned: [...pinned] }),
    ...(widgets.length > 0 && { widgets: [...widgets] }),
  };
}

/** Whether they would be saved as the same board. */
export const isSame = (a: Content, b: Content): boolean =>
  JSON.stringify(documentOf(a)) === JSON.stringify(documentOf(b));

/** Ids of the pinned datasets of the archive on show. */
export const pinnedHere = ({ pinned }: Content): string[] =>
  pinned.flatMap((pin) => {
    const [archive, id = ''] = pin.split(':');
    return archive === chosen.id ? id : [];
  });
export const pinOf = (id: string): string => `${chosen.id}:${id}`;
