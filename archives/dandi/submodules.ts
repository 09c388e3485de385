// The submodules that a `.gitmodules` describes: the zarrs of a mirror, the mirrors of the
// superdataset.

import { parseGitConfig } from './git-config.ts';

export interface Submodule {
  readonly name: string;
  readonly path: string | null;
  /** As given; hostile text. */
  readonly url: string | null;
  /** `github-access-status`: `public` or `private`; null if it is not told. */
  readonly access: string | null;
}

export interface Submodules {
  readonly byPath: ReadonlyMap<string, Submodule>;
  /** Names and paths that come more than once. */
  readonly twice: ReadonlySet<string>;
}

/** Null if it cannot be read. */
export function readSubmodules(text: string): Submodules | null {
  const sections = parseGitConfig(text);
  if (sections === null) return null;
  const byPath = new Map<string, Submodule>();
  const names = new Set<string>();
  const twice = new Set<string>();
  for (const { name, of, values } of sections) {
    if (name !== 'submodule' || of === null) continue;
    const path = values.get('path') ?? null;
    if (names.has(of)) twice.add(path ?? of);
    names.add(of);
    const submodule = {
      name: of,
      path,
      url: values.get('url') ?? null,
      access: values.get('github-access-status') ?? null,
    };
    const place = path ?? of;
    if (byPath.has(place)) twice.add(place);
    byPath.set(place, submodule);
  }
  return { byPath, twice };
}
