// What the page uses of OpenNeuro.

import type { ArchivePage } from '../../core/monitor/archive.ts';
import { archiveLink, exportLink, mirrorLink } from './links.ts';
import { compareVersions } from './version-order.ts';

const LINKS: Readonly<Record<string, ArchivePage['link']>> = {
  archive: (_, about, id, tag) => archiveLink(about, id, tag),
  mirror: (_, about, id, commit) => mirrorLink(about, id, commit),
  export: (_, about, id) => exportLink(about, id),
};

export const page: ArchivePage = {
  compareVersions,
  link: (to, about, id, at = null) => LINKS[to]?.(to, about, id, at) ?? null,
  lookups: [
    { to: 'archive', label: (about) => about?.name ?? '', atVersion: true },
    {
      to: 'mirror',
      label: (about) => (about?.mirrorUrl?.startsWith('https://github.com/') ? 'GitHub' : 'Mirror'),
      unless: ['github:repo-not-found', 'github:repo-disabled'],
    },
    { to: 'export', label: () => 'Export listing', unless: ['s3Files:export-missing'] },
  ],
  rowView: async () => (await import('./legacy/summary-view.ts')).summaryRow,
};
