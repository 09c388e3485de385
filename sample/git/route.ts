// Repositories under an address of their own, `{base}/{id}.git`.

import { gunzipSync } from 'node:zlib';
import { capture } from '../capture.ts';
import { decodePath, type Route } from '../route.ts';
import type { SampleRepository } from './repository.ts';
import { createGitHandler, type GitHandlerOptions } from './server.ts';

export interface GitKinds {
  readonly refs: string;
  readonly pack: string;
}

export function gitRoute(
  base: string,
  find: (id: string) => Promise<SampleRepository | undefined>,
  kinds: GitKinds,
  options: GitHandlerOptions = {},
): Route {
  const handle = createGitHandler(find, options);
  return ({ path, body, headers }) => {
    if (!path.startsWith(`${base}/`)) return undefined;
    const [, name, rest] =
      /^([^/]+)\.git\/(info\/refs|git-upload-pack)$/.exec(path.slice(base.length + 1)) ?? [];
    if (name === undefined || rest === undefined) return undefined;
    const id = decodePath(name);
    const refs = rest === 'info/refs' || isLsRefs(body, headers['content-encoding']);
    return {
      kind: refs ? kinds.refs : kinds.pack,
      dataset: id,
      answer: ({ message }) => capture(message, body, (again, res) => handle(again, res, id, rest)),
    };
  };
}

function isLsRefs(body: Buffer, encoding: string | undefined): boolean {
  try {
    const text = encoding?.includes('gzip') ? gunzipSync(body) : body;
    return text.subarray(0, 64).includes('command=ls-refs');
  } catch {
    return false;
  }
}
