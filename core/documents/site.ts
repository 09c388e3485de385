// Addresses of a site's pages and documents, for texts that are read elsewhere.

import { folderOf } from './paths.ts';

export interface SiteAddresses {
  /** The list of all datasets. */
  readonly main: string;
  dataset(id: string): string;
  /** What changed from one day to another (`2026-08-08`), both included. */
  changes(from: string, to: string): string;
  /** A file of the archive's tree. */
  file(path: string): string;
}

/** @param siteUrl without `/` at its end */
export function siteAddresses(
  siteUrl: string,
  archive: { readonly id: string; readonly isAtRoot?: true },
): SiteAddresses {
  const own: Readonly<Record<string, string>> = archive.isAtRoot ? {} : { archive: archive.id };
  const page = (name: string, parameters: Readonly<Record<string, string>>) => {
    const query = new URLSearchParams({ ...parameters, ...own }).toString();
    return `${siteUrl}/${name}${query && `?${query}`}`;
  };
  return {
    main: page('', {}),
    dataset: (id) => page('dataset.html', { id }),
    changes: (from, to) => page('changes.html', { from, to }),
    file: (path) => `${siteUrl}/data/${folderOf(archive)}${path}`,
  };
}
