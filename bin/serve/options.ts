// Options of `mirrorwatch serve`.

export interface ServeOptions {
  /** Folder with the results. */
  readonly out: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly host: string;
}

export const DEFAULT_PORT = 8000;
/** By default nobody else on the network can see the folder. */
export const DEFAULT_HOST = '127.0.0.1';
