// The likely causes of a row's findings, with what shows them and what fixes them. A pure function
// of the row: nothing is measured for it, so it needs no document.

import { checkOf } from '../../../core/documents/catalogue.ts';
import type { AboutArchive } from '../../../core/documents/documents.ts';
import type { FindCauses, LikelyCause } from '../../../core/documents/likely-causes.ts';
import type { Row } from '../../../core/documents/rows.ts';
import { CAUSE_LIST, type CauseId } from '../causes.ts';
import { isDandisetId } from '../ids.ts';
import * as command from './commands.ts';

interface Rule {
  /** Findings that it explains, as `check:finding`; `check:` is all of a check. */
  readonly explains: readonly string[];
  /** Whether it applies; default: if there is one of these findings. */
  readonly when?: (row: Row, found: ReadonlySet<string>) => boolean;
  readonly verify: (about: AboutArchive | null, id: string) => command.Command;
  readonly mend?: (about: AboutArchive | null, id: string) => command.Command;
}

const CONTENT = ['assets:', 'record:', 'metadata:'];
const isLate = (found: ReadonlySet<string>) => found.has('mirror:late') || found.has('mirror:lag');
const ofId = (make: (id: string) => command.Command) => (_: unknown, id: string) => make(id);

const RULES: Readonly<Record<CauseId, Rule>> = {
  'embargoed-public': {
    explains: ['mirror:leak', 'embargo:'],
    verify: command.showEmbargo,
    mend: command.makePrivate,
  },
  'taken-down': { explains: ['mirror:repo-disabled'], verify: command.listRefs },
  'objects-kept-embargo': {
    explains: ['blobs:blob-blocked', 'urls:url-blocked', 'manifests:manifest-blocked'],
    verify: command.headObjects,
  },
  'stopped-without-hash': { explains: ['listing:unhashed'], verify: command.listAssets },
  'change-not-seen': {
    explains: ['listing:modified-lag', ...CONTENT],
    when: (_, found) => found.has('listing:modified-lag'),
    verify: command.listAssets,
    mend: ofId(command.forceBackup),
  },
  'late-content-equal': {
    explains: ['mirror:late', 'mirror:lag'],
    when: ({ checks }, found) => isLate(found) && checks.assets?.status === 'ok',
    verify: command.showState,
    mend: ofId(command.backup),
  },
  'backup-fails': {
    explains: ['mirror:', ...CONTENT],
    when: (_, found) => [...found].some((one) => one.startsWith('mirror:')),
    verify: command.showState,
    mend: ofId(command.backup),
  },
  'wrong-under-right-time': {
    explains: CONTENT,
    verify: command.comparePaths,
    mend: ofId(command.forceBackup),
  },
  'versions-not-tagged': {
    explains: ['tags:', 'versions:', 'repository:release-missing'],
    verify: command.listTags,
    mend: ofId(command.backup),
  },
  'impossible-paths': {
    explains: ['listing:path-conflict', 'listing:duplicate-path', 'listing:path-reserved'],
    verify: command.listAssets,
  },
  'zarr-not-ingested': {
    explains: ['zarrs:zarr-s3-differs', 'zarrs:zarr-stuck', 'zarrs:odd-key'],
    verify: command.listZarrs,
  },
  'zarr-not-backed-up': {
    explains: [
      ...['zarrs:submodule-broken', 'zarrs:zarr-differs', 'zarrs:zarr-stale', 'zarrs:zarr-corrupt'],
      ...['zarrs:zarr-unfinished', 'zarrs:zarr-pin-stale', 'zarrs:zarr-url-ssh'],
    ],
    verify: command.listZarrs,
    mend: ofId(command.forceZarrs),
  },
  'objects-lost': {
    explains: ['blobs:blob-missing', 'blobs:blob-differs', 'urls:url-dead'],
    verify: command.headObjects,
  },
  'addresses-not-registered': {
    explains: ['urls:url-missing', 'urls:url-other-blob', 'urls:url-stale', 'urls:s3-url-missing'],
    verify: command.listRefs,
    mend: ofId(command.registerUrls),
  },
  'manifests-not-written': { explains: ['manifests:'], verify: command.listManifests },
  'superdataset-not-committed': { explains: ['superdataset:'], verify: command.showLink },
  'doi-not-registered': { explains: ['doi:'], verify: command.showDoi },
  'record-not-updated': {
    explains: ['repository:homepage-differs'],
    verify: command.showRepository,
    mend: ofId(command.updateRecord),
  },
};

/** In the order of the causes, each finding by the first that explains it. */
export const likelyCauses: FindCauses = (about, row, { issues, checkById }) => {
  if (!isDandisetId(row.id)) return [];
  const left = new Set(
    Object.entries(row.checks).flatMap(([check, one]) =>
      (one?.findings ?? []).map((finding) => `${check}:${finding}`),
    ),
  );
  const causes: LikelyCause[] = [];
  for (const { id: cause } of CAUSE_LIST) {
    const { explains, when, verify, mend } = RULES[cause];
    const own = [...left].filter((issue) =>
      explains.some((one) => (one.endsWith(':') ? issue.startsWith(one) : issue === one)),
    );
    if (own.length === 0 || (when && !when(row, left))) continue;
    for (const issue of own) left.delete(issue);
    causes.push({
      cause,
      evidence: own.map((issue) => {
        const name = checkById.get(checkOf(issue))?.words.name ?? checkOf(issue);
        return `It explains “${issues.get(issue)?.label ?? issue}” (${name}).`;
      }),
      verify: verify(about, row.id),
      mend: mend?.(about, row.id) ?? null,
      ...(mend && { untested: true as const }),
    });
  }
  return causes;
};
