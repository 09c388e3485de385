// What the page needs of the DANDI archive.

import type { ArchivePage } from '../../core/monitor/archive.ts';
import { compareVersions } from './ids.ts';
import { archiveLink, bucketLink, mirrorLink } from './links.ts';

const LINKS: Readonly<Record<string, ArchivePage['link']>> = {
  archive: (_, about, id, version) => archiveLink(about, id, version),
  mirror: (_, about, id, commit) => mirrorLink(about, id, commit),
  export: (_, about, id) => bucketLink(about, id),
};

export const page: ArchivePage = {
  compareVersions,
  link: (to, about, id, at = null) => LINKS[to]?.(to, about, id, at) ?? null,
  lookups: [
    { to: 'archive', label: (about) => about?.name ?? '', atVersion: true },
    {
      to: 'mirror',
      label: (about) => (about?.mirrorUrl?.startsWith('https://github.com/') ? 'GitHub' : 'Mirror'),
      unless: ['mirror:repo-not-found', 'mirror:repo-disabled'],
    },
    { to: 'export', label: () => 'Manifests' },
  ],
};
