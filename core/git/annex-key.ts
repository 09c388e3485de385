// What git holds in place of an annexed file: a symlink or a pointer file that names the file's
// key (git-annex, "internals/pointer_file" and "internals/key_format"). The key tells the size of
// the content and, by most backends, a hash of it.

import type { BinaryString } from '../sources.ts';

export interface AnnexKey {
  /** As git-annex writes it in file names, so also in those of the git-annex branch. */
  readonly name: BinaryString;
  /** `MD5E`, `SHA256E`, `URL`, … */
  readonly backend: string;
  /** Bytes; null where the key tells none (keys made of a URL). */
  readonly size: number | null;
  /** 32 hex digits; null by every backend but MD5 and MD5E. */
  readonly md5: string | null;
}

/** A link is `../.git/annex/objects/Xx/Yy/KEY/KEY`; old clones have no hash folders. */
const LINK = /(?:^|\/)\.git\/(?:[^\n]*\/)?annex\/objects\/(?:[^/\n]+\/)*([^/\n]+)$/;
/** A pointer file begins with this; more lines may follow, and Windows may end one with CR LF. */
const POINTER = /^\/annex\/objects\/([^/\r\n]+)(?:\r?\n|$)/;
/** BACKEND, fields of one letter each in any order, then the name, which may hold anything. */
const KEY = /^([A-Z0-9]+)((?:-[a-zA-Z][0-9]+)*)--(.+)$/;
const SIZE = /-s([0-9]{1,15})(?:-|$)/;
const MD5 = /^[0-9a-f]{32}(?=$|\.)/;

/** @param target a symlink's target. Null when it leads elsewhere than into an annex. */
export function keyOfLink(target: BinaryString): AnnexKey | null {
  const name = LINK.exec(target)?.[1];
  return name === undefined ? null : parseAnnexKey(name);
}

/** @param content of a small file. Null when it is an ordinary one. */
export function keyOfPointer(content: BinaryString): AnnexKey | null {
  const name = POINTER.exec(content)?.[1];
  return name === undefined ? null : parseAnnexKey(name);
}

/** @param name a key as written in a file name. Null when it is none. */
export function parseAnnexKey(name: BinaryString): AnnexKey | null {
  const [, backend = '', fields = '', rest = ''] = KEY.exec(name) ?? [];
  if (backend === '') return null;
  // A chunk of another key says the size of the whole; nothing of it is exported.
  if (/-[SC]/.test(fields)) return null;
  const size = SIZE.exec(fields)?.[1];
  const md5 = backend === 'MD5' || backend === 'MD5E' ? MD5.exec(rest)?.[0] : undefined;
  return { name, backend, size: size === undefined ? null : Number(size), md5: md5 ?? null };
}
