// The DANDI archive, as the monitor sees it.

import { documentType } from '../../core/documents/document-type.ts';
import { documentSchema } from '../../core/documents/envelope.ts';
import { checkPath } from '../../core/documents/paths.ts';
import type { Archive, Measurement } from '../../core/monitor/archive.ts';
import { allChecks } from '../../core/monitor/check.ts';
import { aboutArchive } from './about-archive.ts';
import { SHOWN } from './catalogue.ts';
import { COMMANDS } from './commands.ts';
import { OWN_DOCUMENTS } from './documents.ts';
import { HOST_LIMITS, PLACES } from './endpoints.ts';
import { entriesOf } from './entries.ts';
import { isDandisetId } from './ids.ts';
import { checkAssets } from './measure/check-assets.ts';
import { checkBlobs } from './measure/check-blobs.ts';
import { checkDois } from './measure/check-dois.ts';
import { checkHidden } from './measure/check-hidden.ts';
import { checkManifests } from './measure/check-manifests.ts';
import { checkMirror } from './measure/check-mirror.ts';
import { checkRepositories } from './measure/check-repositories.ts';
import { checkUrls } from './measure/check-urls.ts';
import { checkZarrs } from './measure/check-zarrs.ts';
import { CHOICES } from './modes.ts';
import { page } from './page.ts';
import { likelyCauses } from './rules/likely-causes.ts';
import { openSources, type Sources } from './sources/index.ts';

/** Raised with every change that can give another verdict on the same evidence. */
const RULES_VERSION = 1;

/** The documents of checks that are removed when there is nothing to compare. */
const removable = (stage: string): string[] =>
  allChecks(SHOWN).flatMap(({ stage: of, file, isOfComparisons }) =>
    of === stage && isOfComparisons ? [`${file}.json`] : [],
  );

const MEASUREMENTS: readonly Measurement<Sources>[] = [
  {
    id: 'check-mirror',
    does: 'look for the mirrors, their states and tags, and for them in the superdataset',
    needs: [],
    // GitHub gets at most 10 requests a second.
    share: 400,
    workers: { most: 1, entriesAtOnce: 8, memory: 512 },
    kinds: ['refs', 'state', 'versions'],
    asks: ['registry', 'mirror', 'superdataset'],
    removes: removable('check-mirror'),
    run: checkMirror,
  },
  {
    id: 'check-assets',
    does: 'compare the files of the mirrors with the assets of the drafts',
    needs: ['check-mirror'],
    share: 400,
    workers: { most: 1, entriesAtOnce: 2, memory: 1024 },
    kinds: ['assets', 'dandiset', 'metadata', 'tree'],
    asks: ['registry', 'mirror'],
    removes: removable('check-assets'),
    keepsTrees: true,
    run: checkAssets,
  },
  {
    id: 'check-zarrs',
    does: 'compare zarrs with their own mirrors and with the bucket',
    needs: ['check-mirror'],
    share: 400,
    workers: { most: 1, entriesAtOnce: 2, memory: 1024 },
    kinds: ['zarr-refs', 'zarr-tree'],
    asks: ['registry', 'mirror', 'zarr', 'bucket'],
    removes: removable('check-zarrs'),
    run: checkZarrs,
  },
  {
    id: 'check-blobs',
    does: 'ask for the blobs of the assets in the bucket',
    needs: [],
    share: 1000,
    workers: { most: 1, entriesAtOnce: 2, memory: 512 },
    kinds: ['head'],
    asks: ['registry', 'bucket'],
    removes: removable('check-blobs'),
    run: checkBlobs,
  },
  {
    id: 'check-urls',
    does: 'look for addresses of annexed files in the git-annex branches',
    needs: ['check-mirror'],
    share: 400,
    workers: { most: 1, entriesAtOnce: 2, memory: 1024 },
    kinds: ['logs', 'asset'],
    asks: ['registry', 'mirror', 'bucket'],
    removes: removable('check-urls'),
    run: checkUrls,
  },
  {
    id: 'check-manifests',
    does: 'look for the manifests in the bucket',
    needs: [],
    share: 400,
    workers: { most: 1, entriesAtOnce: 2, memory: 512 },
    kinds: ['manifest'],
    asks: ['registry', 'bucket'],
    removes: removable('check-manifests'),
    run: checkManifests,
  },
  {
    id: 'check-dois',
    does: 'look up the DOIs of the newest versions',
    needs: [],
    share: 1000,
    workers: { most: 1, entriesAtOnce: 4, memory: 512 },
    kinds: ['doi'],
    asks: ['registry', 'doi'],
    removes: removable('check-dois'),
    run: checkDois,
  },
  {
    id: 'check-repositories',
    does: "compare GitHub's records of the mirrors with the archive",
    needs: ['check-mirror'],
    share: 400,
    workers: { most: 1, entriesAtOnce: 2, memory: 512 },
    kinds: ['github'],
    asks: ['github'],
    removes: removable('check-repositories'),
    run: checkRepositories,
  },
  {
    id: 'check-hidden',
    does: 'look for mirrors of dandisets that the archive does not show',
    needs: [],
    share: 1,
    workers: { most: 1, entriesAtOnce: 1, memory: 512 },
    kinds: [],
    asks: ['registry', 'mirror', 'superdataset', 'bucket'],
    run: checkHidden,
  },
];

export const dandi: Archive<Sources> = {
  ...SHOWN,
  ...page,
  documents: {
    types: {
      ...Object.fromEntries(
        allChecks(SHOWN).map((check) => [
          check.file,
          documentType({
            path: checkPath(check, '{id}'),
            title: check.title,
            schema: documentSchema(check),
            ...(check.scope === 'archive' && { stays: 'each-run' as const }),
          }),
        ]),
      ),
      ...OWN_DOCUMENTS,
    },
    fieldWords: async () => (await import('./field-words.ts')).WORDS,
  },
  rules: RULES_VERSION,
  isOnRequest: true,
  isId: isDandisetId,
  places: PLACES,
  // Two hours after the others: GitHub is asked by one at a time.
  schedule: 'cron(0 8 * * ? *)',
  limits: HOST_LIMITS,
  choices: CHOICES,
  commands: COMMANDS,
  likelyCauses,
  open: openSources,
  describe: aboutArchive,
  entries: entriesOf,
  keeps: ['datasets/*/dandiset.json'],
  measurements: MEASUREMENTS,
};
