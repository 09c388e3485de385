// What the page needs of the DANDI archive.

import type { ArchivePage } from '../../core/monitor/archive.ts';
import { linkBy, mirrorLabel } from '../../core/monitor/page-links.ts';
import { compareVersions } from './ids.ts';
import { archiveLink, bucketLink, mirrorLink } from './links.ts';

export const page: ArchivePage = {
  compareVersions,
  link: linkBy({
    archive: archiveLink,
    mirror: mirrorLink,
    export: (about, id) => bucketLink(about, id),
  }),
  lookups: [
    { to: 'archive', label: (about) => about?.name ?? '', atVersion: true },
    {
      to: 'mirror',
      label: mirrorLabel,
      unless: ['mirror:repo-not-found', 'mirror:repo-disabled'],
    },
    { to: 'export', label: () => 'Manifests' },
  ],
};
