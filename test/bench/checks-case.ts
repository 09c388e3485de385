// Cases in which the whole pipeline runs over a served archive, beside the baseline.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArchiveSpec } from './archives.ts';
import type { BaselineJob } from './baseline.ts';
import { type Bench, type Case, type Contender, inTurns, remove } from './bench.ts';
import { measure, type Program } from './measure.ts';
import { assertEqual, type Found } from './outcome.ts';
import { type Depth, factsOf, mirrorwatch, readFound } from './product.ts';
import { BASELINE } from './programs.ts';
import type { Series } from './results.ts';
import { type Addresses, type Served, serve } from './serve-archive.ts';

export interface Variant {
  readonly name: string;
  /** Milliseconds that every answer waits. */
  readonly latency: number;
  /** The export over TLS. */
  readonly tls: boolean;
  /** The depth of the product's checks, one after the other; the baseline compares names. */
  readonly depths: readonly Depth[];
}

export const AT_0_MS: Variant = {
  name: '0 ms',
  latency: 0,
  tls: false,
  depths: ['names', 'contents'],
};
export const AT_40_MS: Variant = { name: '40 ms', latency: 40, tls: false, depths: ['names'] };
export const TLS: Variant = { name: '0 ms, TLS', latency: 0, tls: true, depths: ['names'] };
/** All at once, for the quick bench. */
const QUICK: Variant = { name: '40 ms, TLS', latency: 40, tls: true, depths: AT_0_MS.depths };

export interface ChecksCase {
  readonly name: string;
  readonly title: string;
  /** What to serve, or why there is nothing to serve. */
  archive(quick: boolean): ArchiveSpec | { readonly missing: string };
  readonly variants: readonly Variant[];
  /** Also runs over a folder that holds the results of an earlier run. */
  readonly warm: boolean;
  /** The most runs of the baseline. */
  baselineRuns(variant: Variant): number;
  /** A run takes more than about ten seconds. */
  readonly long: boolean;
}

/** The product's default number of concurrent datasets. */
const WIDTH = 8;

export function checksCase(options: ChecksCase): Case {
  const { name, title, variants, warm, long } = options;
  return {
    name,
    title,
    async run(bench) {
      const spec = options.archive(bench.quick);
      if ('missing' in spec) return { series: [], skipped: [spec.missing] };
      const served = await serve(spec, bench.folder);
      try {
        const found = await firstPass(bench, served, options);
        const series: Series[] = [];
        for (const variant of bench.quick ? [QUICK] : variants) {
          const addresses = served.addresses(variant.tls);
          const contenders = [
            ...variant.depths.flatMap((depth) => [
              cold(bench, addresses, found, depth),
              ...(warm ? [again(bench, addresses, found, depth)] : []),
            ]),
            ...baselines(bench, addresses, found, options.baselineRuns(variant)),
          ];
          // To a folder of results, another address is another archive.
          if (warm) for (const depth of variant.depths) await warmUp(bench, served, variant, depth);
          const condition = { case: name, variant: variant.name, datasets: served.datasets };
          const surroundings = { folder: bench.folder, served, latency: variant.latency };
          series.push(...(await inTurns(bench, surroundings, condition, contenders, long)));
        }
        const facts = sizesOf(found);
        return { series: series.map((one) => ({ ...one, facts })), skipped: [] };
      } finally {
        served.close();
      }
    },
  };
}

const PAGE = 1000;

function sizesOf(found: readonly Found[]): Record<'files' | 'keys' | 'pages', number> {
  const sum = (value: (one: Found) => number) => found.reduce((all, one) => all + value(one), 0);
  return {
    files: sum(({ files }) => files),
    keys: sum(({ keys }) => keys),
    // An export without keys still has its empty page.
    pages: sum(({ keys }) => Math.max(1, Math.ceil(keys / PAGE))),
  };
}

/** Both once, unmeasured: the results must be equal, and the servers then have their answers. */
async function firstPass(
  bench: Bench,
  served: Served,
  { variants, baselineRuns }: ChecksCase,
): Promise<readonly Found[]> {
  const unmeasured = { folder: bench.folder, served, latency: 0 };
  const addresses = served.addresses(false);
  const out = join(bench.folder, 'first');
  bench.say(`  ${served.datasets} datasets served; first pass of the product`);
  factsOf((await measure(mirrorwatch('run', addresses, out), unmeasured)).stdout);
  const found = readFound(out);
  remove(out);
  if (variants.every((variant) => baselineRuns(variant) === 0)) return found;
  bench.say('  first pass of the baseline');
  const first = baselineOf(bench, addresses, found);
  await measure(first.program, unmeasured);
  assertEqual(found, first.results());
  const files = found.reduce((sum, one) => sum + one.files, 0);
  bench.say(`  equal results: ${found.length} datasets, ${files} files`);
  return found;
}

/** Goals are about names, so a subject without a suffix is of names. */
const subjectOf = (run: 'cold' | 'warm', depth: Depth) =>
  depth === 'names' ? run : `${run}, contents`;

function cold(
  bench: Bench,
  addresses: Addresses,
  found: readonly Found[],
  depth: Depth,
): Contender {
  const out = (run: number) => join(bench.folder, `cold-${run}`);
  return {
    subject: subjectOf('cold', depth),
    program: (run) => mirrorwatch('run', addresses, out(run), depth),
    check(run, stdout) {
      factsOf(stdout);
      assertEqual(readFound(out(run)), found);
      remove(out(run));
    },
  };
}

const warmFolder = (bench: Bench, depth: Depth) => join(bench.folder, `warm-${depth}`);

async function warmUp(bench: Bench, served: Served, { tls }: Variant, depth: Depth): Promise<void> {
  const out = warmFolder(bench, depth);
  remove(out);
  const program = mirrorwatch('run', served.addresses(tls), out, depth);
  const { stdout } = await measure(program, { folder: bench.folder, served, latency: 0 });
  factsOf(stdout);
}

function again(
  bench: Bench,
  addresses: Addresses,
  found: readonly Found[],
  depth: Depth,
): Contender {
  const out = warmFolder(bench, depth);
  return {
    subject: subjectOf('warm', depth),
    program: () => mirrorwatch('run', addresses, out, depth),
    check(_run, stdout) {
      factsOf(stdout);
      assertEqual(readFound(out), found);
    },
  };
}

function baselines(
  bench: Bench,
  addresses: Addresses,
  found: readonly Found[],
  mostRuns: number,
): Contender[] {
  if (mostRuns === 0) return [];
  const { program, results } = baselineOf(bench, addresses, found);
  const check = () => assertEqual(found, results());
  return [{ subject: 'baseline', mostRuns, program: () => program, check }];
}

function baselineOf(
  { folder }: Bench,
  addresses: Addresses,
  found: readonly Found[],
): { program: Program; results(): Found[] } {
  const results = join(folder, 'baseline.json');
  const job: BaselineJob = {
    addresses,
    datasets: found.map(({ id, tag }) => ({ id, tag })),
    width: WIDTH,
    results,
  };
  const file = join(folder, 'baseline-job.json');
  writeFileSync(file, JSON.stringify(job));
  return {
    program: { argv: [BASELINE, file] },
    results: () => JSON.parse(readFileSync(results, 'utf8')) as Found[],
  };
}
