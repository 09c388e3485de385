// The generated archive: first one dataset for every rule of checks.md, then ordinary ones, mostly
// healthy. The same options give the same bytes in every answer.

import { createRandom } from '../../../sample/bytes.ts';
import { createCache } from '../../../sample/cache.ts';
import type { SampleArchive } from './archive.ts';
import { type Expectation, expectation } from './expectations.ts';
import { type HealthyOptions, healthyPlan } from './healthy-plan.ts';
import { LEFTOVERS } from './leftovers.ts';
import { datasetOf, type Plan, type PlanCaches } from './plan.ts';
import {
  addToExport,
  annexUuid,
  claimedMissing,
  commitAfter,
  exportBehind,
  loseFromExport,
  mirrorOf,
  type Special,
} from './specials/changes.ts';
import { specials } from './specials/index.ts';

export interface GenerateOptions {
  /** Number of datasets; if fewer than the special ones, the first of those. */
  readonly datasets?: number;
  readonly seed?: number;
  /** Only these ids, of those that the archive has. */
  readonly only?: readonly string[];
  /** Files of each version by dataset id, for benchmarks: an ordinary one then has one version. */
  readonly files?: Readonly<Record<string, number>>;
  /** 1 is a later state of the same archive, in which one tag has moved. */
  readonly revision?: 0 | 1;
  /** Its newest datasets were published shortly before this time. */
  readonly now?: Date;
}

export interface GeneratedArchive extends SampleArchive {
  /** What the monitor must find, by dataset id; for all datasets. */
  readonly expectations: ReadonlyMap<string, Expectation>;
}

export const DEFAULT_DATASETS = 80;
/** Fixed, so that the same options give the same archive; a demo passes today's date. */
const DEFAULT_NOW = new Date('2026-08-01T00:00:00.000Z');

/** The most files that the caches of an archive hold together, in repositories and in exports. */
const CACHED_FILES = 150_000;

/** OpenNeuro counts its datasets from ds000001 and is at ds008000: no real one has such an id. */
export function idOf(place: number): string {
  // The hundred thousandth takes the remaining one.
  return `ds9${String((place + 1) % 100_000).padStart(5, '0')}`;
}

/** Ordinary faults and their share of the ordinary datasets; the rest are in step. */
const ORDINARY: readonly { readonly share: number; readonly special: Special }[] = [
  {
    share: 0.2,
    special: {
      rule: "#files: annex-uuid at the dataset's root is bookkeeping",
      change: (plan) => addToExport(plan, [annexUuid('annex-uuid')]),
      expect: () => ({ s3Files: { bookkeeping: ['annex-uuid'] } }),
    },
  },
  {
    share: 0.05,
    special: {
      rule: '#version: no DOI, the latest version is assumed',
      options: () => ({ doi: () => null }),
      expect: () => ({
        causes: ['no-known-cause'],
        status: 'warning',
        s3Version: { status: 'warning', subtype: 'no-doi' },
      }),
    },
  },
  {
    share: 0.05,
    special: {
      rule: "#mirror: HEAD's branch is not at the latest tag's commit",
      options: () => ({ tags: ['1.0.0'], branch: 'main' }),
      change: (plan) => {
        commitAfter(plan, 'draft', '1.0.0');
        mirrorOf(plan).branches.main = 'draft';
      },
      expect: () => ({
        causes: ['no-known-cause'],
        status: 'warning',
        github: { status: 'warning', subtype: 'head-mismatch' },
      }),
    },
  },
  {
    share: 0.04,
    special: {
      rule: '#files: files in git that the export lacks',
      change: (plan) => loseFromExport(plan, ['participants.tsv']),
      expect: () => ({
        status: 'error',
        s3Files: { status: 'error', subtype: 'files-missing', added: ['participants.tsv'] },
        annexRecord: claimedMissing,
        causes: ['objects-changed'],
      }),
    },
  },
  {
    share: 0.04,
    special: {
      rule: '#version: the export holds an older version',
      options: () => ({ tags: ['1.0.0', '1.0.1'] }),
      change: (plan) => {
        plan.export.commit = '1.0.0';
      },
      expect: () => ({
        causes: ['export-not-renewed'],
        status: 'version-mismatch',
        s3Version: { status: 'version-mismatch', subtype: 'doi-mismatch', version: '1.0.0' },
        annexRecord: exportBehind('1.0.0'),
      }),
    },
  },
];

const IN_STEP: Special = { rule: '#mirror #files: all copies are in step', expect: () => ({}) };

function ordinary(seed: string): Special {
  let chance = createRandom(`${seed} ordinary`).next();
  for (const { share, special } of ORDINARY) {
    if (chance < share) return special;
    chance -= share;
  }
  return IN_STEP;
}

function planOf(special: Special, healthy: HealthyOptions): Plan {
  const plan = healthyPlan({ ...healthy, ...special.options?.(healthy.id) });
  special.change?.(plan);
  return plan;
}

export function generateArchive(options: GenerateOptions = {}): GeneratedArchive {
  const { datasets: count = DEFAULT_DATASETS, seed = 1, only, files = {}, revision = 0 } = options;
  const { now = DEFAULT_NOW } = options;
  const caches: PlanCaches = {
    repositories: createCache(CACHED_FILES),
    exports: createCache(CACHED_FILES),
  };
  const special = specials(revision);
  const expectations = new Map<string, Expectation>();
  const places = Array.from({ length: count }, (_, place) => place);
  const wanted = only ? places.filter((place) => only.includes(idOf(place))) : places;
  const datasets = wanted.map((place) => {
    const id = idOf(place);
    const kind = special[place] ?? ordinary(`${seed}/${id}`);
    const size = files[id];
    const plan = planOf(kind, {
      id,
      seed: String(seed),
      place,
      ...(size === undefined ? {} : { files: size, tags: ['1.0.0'] }),
    });
    const latest = plan.snapshots.at(-1)?.tag ?? null;
    expectations.set(id, expectation(kind.rule, latest, kind.expect(id)));
    return datasetOf(plan, size ?? 200, caches, now);
  });
  const ids = new Set(wanted.map(idOf));
  const leftovers = LEFTOVERS.filter(({ id }) => !ids.has(id));
  return { datasets, leftovers, expectations };
}
