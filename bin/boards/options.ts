// Options of `mirrorwatch boards`.

/** Where the boards are: a folder, a table, or else those of a stack. */
export interface BoardsPlace {
  readonly boards?: string;
  readonly table?: string;
  readonly stack: string;
}

export interface DumpOptions extends BoardsPlace {
  readonly file: string;
  /** Also boards that are not whitelisted. */
  readonly all: boolean;
}

export const DEFAULT_DUMP = './whitelisted_boards.json';

/** What is done to one board, as requests of maintenance. */
export const ONE_BOARD = {
  show: { method: 'GET', below: '', does: 'show all that is kept of a board' },
  whitelist: { method: 'POST', below: '/whitelist', does: 'never evict a board' },
  unwhitelist: { method: 'DELETE', below: '/whitelist', does: 'let a board be evicted again' },
  protect: { method: 'POST', below: '/protect', does: 'make a board read-only, and whitelist it' },
  unprotect: { method: 'DELETE', below: '/protect', does: 'let a board be changed again' },
  delete: { method: 'DELETE', below: '', does: 'delete a board, without its key' },
} as const;
export type OneBoard = keyof typeof ONE_BOARD;

export interface BoardsActions {
  exportBoards(options: DumpOptions): Promise<number>;
  importBoards(options: DumpOptions): Promise<number>;
  maintainBoard(action: OneBoard, id: string, place: BoardsPlace): Promise<number>;
  listBoards(place: BoardsPlace): Promise<number>;
  recountBoards(place: BoardsPlace): Promise<number>;
  switchBoards(isOn: boolean, place: BoardsPlace): Promise<number>;
}
