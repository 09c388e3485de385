// What the page uses of OpenNeuro.

import type { ArchivePage } from '../../core/monitor/archive.ts';
import { linkBy, mirrorLabel } from '../../core/monitor/page-links.ts';
import { archiveLink, exportLink, mirrorLink } from './links.ts';
import { compareVersions } from './version-order.ts';

export const page: ArchivePage = {
  compareVersions,
  link: linkBy({
    archive: archiveLink,
    mirror: mirrorLink,
    export: (about, id) => exportLink(about, id),
  }),
  lookups: [
    { to: 'archive', label: (about) => about?.name ?? '', atVersion: true },
    {
      to: 'mirror',
      label: mirrorLabel,
      unless: ['github:repo-not-found', 'github:repo-disabled'],
    },
    { to: 'export', label: () => 'Export listing', unless: ['s3Files:export-missing'] },
  ],
  rowView: async () => (await import('./legacy/summary-view.ts')).summaryRow,
};
