// What `mirrorwatch serve` is told.

export interface ServeOptions {
  /** Folder with the results. */
  readonly out: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
}

export const DEFAULT_PORT = 8000;
/** Nobody else on the network is to see a folder that its owner looks at. */
export const DEFAULT_HOST = '127.0.0.1';
