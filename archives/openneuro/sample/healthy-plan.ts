// The plan of a healthy dataset: the start of every special one.

import { createRandom } from '../../../sample/bytes.ts';
import type { SampleEntry } from '../../../sample/files.ts';
import { bidsFiles, type Layout, titleOf } from './bids.ts';
import { ANNEX_COMMIT, type Plan, type PlannedCommit } from './plan.ts';

const DAY = 86_400_000;
/** The archive's first year with snapshots of the newest generation of tags. */
const EPOCH = Date.UTC(2018, 2, 1, 9, 30);

export interface HealthyOptions {
  readonly id: string;
  readonly seed: string;
  /** Index in the registry, from 0: datasets are created a few days apart. */
  readonly place: number;
  readonly files?: number;
  readonly tags?: readonly string[];
  readonly layout?: Partial<Pick<Layout, 'annex' | 'kind'>>;
  /** DatasetDOI of a version, in git and so in the export. */
  readonly doi?: (id: string, tag: string) => string | null;
  /** Changes the files of a version. */
  readonly edit?: (entries: SampleEntry[], tag: string) => SampleEntry[];
  /** `main` as on newer datasets, or `master`. */
  readonly branch?: 'main' | 'master';
}

const usualDoi = (id: string, tag: string) => `doi:10.18112/openneuro.${id}.v${tag}`;

/** A dataset whose checks are all ok. */
export function healthyPlan(options: HealthyOptions): Plan {
  const { id, place, doi = usualDoi, edit = (entries) => entries } = options;
  const seed = `${options.seed}/${id}`;
  const random = createRandom(seed);
  const title = titleOf(random);
  const created = new Date(EPOCH + place * 3 * DAY + random.int(0, DAY / 1000) * 1000);
  const tags = options.tags ?? ['1.0.0', '1.0.1', '1.1.0'].slice(0, random.int(1, 3));
  const branch = options.branch ?? (random.next() < 0.3 ? 'master' : 'main');
  // Most datasets of the sample are small, a few have hundreds of files.
  const files = options.files ?? Math.round(20 + 380 * random.next() ** 3);
  const layout: Layout = { seed, title, files, ...options.layout };
  const snapshots = tags.map((tag, step) => ({
    tag,
    created: new Date(created.getTime() + step * 11 * DAY),
  }));
  const commits = snapshots.map(
    ({ tag, created: date }, step): PlannedCommit => ({
      name: tag,
      ...(tags[step - 1] === undefined ? {} : { parent: tags[step - 1] as string }),
      date,
      message: `[OpenNeuro] Created snapshot ${tag}`,
      entries: () => edit(bidsFiles(layout, { tag, place: step, doi: doi(id, tag) }), tag),
    }),
  );
  const latest = tags.at(-1);
  return {
    id,
    name: title,
    created,
    snapshots,
    commits,
    registry: { hexsha: {} },
    mirror: {
      head: branch,
      branches: latest ? { [branch]: latest, 'git-annex': ANNEX_COMMIT } : {},
      tags: Object.fromEntries(tags.map((tag) => [tag, { commit: tag }])),
    },
    export: { commit: latest ?? null, missing: () => false, extra: [] },
    annex: {
      seed,
      remotes: [{ seed: 'public', name: 's3-PUBLIC' }],
      exportedTo: 0,
      underway: [],
      unversioned: () => false,
    },
  };
}
