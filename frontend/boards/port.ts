// What the list lends to boards. It is passed in, since what the list loads at first stays in one file.

import type { ReadonlySignal, Signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import type { Row } from '../../core/documents/rows.ts';
import type { Index } from '../main/index-of-rows.ts';
import type { Opened } from '../main/opened.ts';
import type { SortKey, View } from '../main/view.ts';

export interface ListPort {
  readonly opened: Signal<Opened>;
  /** What an open board is made of. */
  readonly NO_BOARD: Opened;
  readonly view: Signal<View>;
  readonly index: ReadonlySignal<Index>;
  /** Numbers of the rows that are listed now. */
  readonly shown: ReadonlySignal<Uint32Array>;
  readonly COLUMN_NAMES: Readonly<Record<SortKey, string>>;
  rowAt(number: number): Row;
  /** Numbers of the rows of a view. */
  found(view: View): Uint32Array;
  /** Shows a view, as a step that Back undoes. */
  show(view: View): void;
  /** Of the address. */
  readView(search: string, base: View): View;
  writeView(view: View, base: View, board: string): string;
}

export interface BoardsPart {
  /** In the toolbar of the list. */
  readonly Buttons: FunctionComponent;
  /** Above the list: the open board, and the dialogs. */
  readonly Board: FunctionComponent;
}

let lent: ListPort | null = null;

export function lend(port: ListPort): void {
  lent = port;
}

export function list(): ListPort {
  if (lent === null) throw new Error('the list has lent nothing');
  return lent;
}
