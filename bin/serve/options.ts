// Options of `mirrorwatch serve`.

export interface ServeOptions {
  /** Folder with the results. */
  readonly out: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly host: string;
  /** Folder with saved boards. @default there are none */
  readonly boards?: string;
  /** File with the token that maintenance of boards needs. @default nobody may maintain them */
  readonly boardsMaintenance?: string;
}

export const DEFAULT_PORT = 8000;
/** By default nobody else on the network can see the folder. */
export const DEFAULT_HOST = '127.0.0.1';
