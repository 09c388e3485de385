// OpenNeuro, as the monitor sees it.

import type { Archive, Measurement } from '../../core/monitor/archive.ts';
import { readOrNull } from '../../core/monitor/frame.ts';
import { filesCost } from '../../core/monitor/plan.ts';
import { liveArchive } from './about-archive.ts';
import { rowAgrees, wholeAgrees } from './agreement.ts';
import { type ArchiveAddresses, openArchive } from './archive.ts';
import { SHOWN } from './catalogue.ts';
import { CHECK_TYPES, DOCUMENT_TYPES } from './document-types.ts';
import type { Metadata } from './documents.ts';
import { DOI_URL, EXPORT_URL, HOST_LIMITS, MIRROR_URL, REGISTRY_URL } from './endpoints.ts';
import { entriesOf } from './entries.ts';
import { entryOf } from './entry.ts';
import { isDatasetId } from './ids.ts';
import { LEGACY_LAYOUT } from './legacy/layout.ts';
import { legacyRecords } from './legacy/legacy-records.ts';
import { migrate } from './legacy/migrations.ts';
import { RECORDED } from './legacy/recorded.ts';
import { checkDeprecated } from './measure/check-deprecated.ts';
import { checkDoi } from './measure/check-doi.ts';
import { checkGithub } from './measure/check-github.ts';
import { checkLeftovers } from './measure/check-leftovers.ts';
import { checkS3Files } from './measure/check-s3-files.ts';
import { checkS3Version } from './measure/check-s3-version.ts';
import { marks } from './measure/marks.ts';
import { compareReaders } from './measure/second-reading.ts';
import { page } from './page.ts';
import { metadataPath } from './paths.ts';
import { RULES_VERSION } from './rules-version.ts';
import type { Sources } from './sources.ts';

const urlsOf = (addresses: Readonly<Record<string, string>>): ArchiveAddresses => ({
  registryUrl: addresses.registry as string,
  mirrorUrl: addresses.mirror as string,
  exportUrl: addresses.export as string,
  doiUrl: addresses.doi as string,
});

const MEASUREMENTS: readonly Measurement<Sources>[] = [
  {
    id: 'check-github',
    does: 'compare the mirrors with the registry',
    needs: [],
    // GitHub gets at most 10 requests a second, so a share takes some forty seconds.
    share: 400,
    // GitHub's limits are per host, so more functions would only get smaller shares of them.
    workers: { most: 1, entriesAtOnce: 8, memory: 256 },
    kinds: ['refs'],
    asks: ['mirror'],
    run: checkGithub,
  },
  {
    id: 'check-s3-version',
    does: 'read which version each export holds',
    needs: [],
    // One small object per dataset; S3 serves thousands a second.
    share: 1000,
    workers: { most: 2, entriesAtOnce: 16, memory: 512 },
    kinds: ['description'],
    asks: ['export'],
    run: checkS3Version,
  },
  {
    id: 'check-s3-files',
    does: 'compare the files of each export with those of its git tag',
    needs: ['check-github', 'check-s3-version'],
    cost: (last) => filesCost(last?.numbers?.files),
    // At 100 ms each, some 25 seconds of waiting, spread over a function's datasets.
    share: 1000,
    workers: { most: null, entriesAtOnce: 4, memory: 1024 },
    kinds: ['tree', 'listing', 'access'],
    asks: ['mirror', 'export'],
    writes: ['causes.json', 'files.json'],
    // There is no document if nothing was compared.
    removes: ['s3-diff.json'],
    keepsTrees: true,
    run: checkS3Files,
  },
  {
    id: 'check-doi',
    does: 'look up the DOIs of the latest versions',
    needs: [],
    // On most days one in thirty is asked for; the first run asks for all, five a second.
    share: 1000,
    workers: { most: 1, entriesAtOnce: 4, memory: 512 },
    kinds: ['doi'],
    asks: ['doi'],
    run: checkDoi,
  },
  {
    id: 'check-deprecated',
    does: 'ask the registry which latest versions are deprecated',
    needs: [],
    share: 1000,
    workers: { most: 1, entriesAtOnce: 4, memory: 512 },
    kinds: ['deprecated'],
    asks: ['registry'],
    run: checkDeprecated,
  },
  {
    id: 'check-leftovers',
    does: 'look for datasets in the bucket that are not public',
    needs: [],
    share: 1,
    workers: { most: 1, entriesAtOnce: 1, memory: 512 },
    // Its requests count among those for the registry and for listings.
    kinds: [],
    asks: ['registry', 'export'],
    run: checkLeftovers,
  },
];

export const openneuro: Archive<Sources> = {
  ...SHOWN,
  ...page,
  summary: LEGACY_LAYOUT,
  documents: {
    types: { ...CHECK_TYPES, ...DOCUMENT_TYPES },
    upgrade: migrate,
    fieldWords: async () => (await import('./field-words.ts')).WORDS,
    entryOf,
    rowAgrees,
    wholeAgrees,
  },
  rules: RULES_VERSION,
  isId: isDatasetId,
  places: {
    registry: { url: REGISTRY_URL, what: "registry's GraphQL API", token: 'OPENNEURO_TOKEN' },
    mirror: {
      url: MIRROR_URL,
      what: 'mirrors, to which /{id}.git is added',
      token: 'MIRRORWATCH_MIRROR_TOKEN',
      isGithub: true,
    },
    export: { url: EXPORT_URL, what: 'export bucket, path style' },
    doi: { url: DOI_URL, what: 'DOIs at DataCite, to which /{doi} is added' },
  },
  limits: HOST_LIMITS,
  open: ({ addresses, tokens, ...rest }) =>
    openArchive({
      ...urlsOf(addresses),
      token: tokens.registry,
      mirrorToken: tokens.mirror,
      ...rest,
    }),
  describe: (addresses) => liveArchive(urlsOf(addresses)),
  entries: entriesOf,
  keeps: ['datasets/*/snapshots.json', 'datasets/*/metadata.json'],
  measurements: MEASUREMENTS,
  async versionDate(context, id, tag) {
    const metadata = await readOrNull<Metadata>(context, metadataPath(id, tag));
    return metadata?.created ?? null;
  },
  legacy: legacyRecords,
  recorded: RECORDED,
  marks,
  secondLook: compareReaders,
};
