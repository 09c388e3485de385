// Cases about the number of datasets: their known state is written into a folder directly, and the
// stages that go through all of them run over it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { compactFileName } from '../../core/documents/compact.ts';
import { SUMMARY_PATH } from '../../core/documents/paths.ts';
import { readCompact } from '../support/legacy.ts';
import { type Case, type Contender, inTurns } from './bench.ts';
import { AT_0_MS, AT_40_MS, type Variant } from './checks-case.ts';
import { fillFolder } from './fill-folder.ts';
import { factsOf, mirrorwatch } from './product.ts';
import { PAGE_DATA, PLAN, REGISTRY_BASELINE } from './programs.ts';
import { type Addresses, serve } from './serve-archive.ts';

export function manyCase(name: string, title: string, full: number, tiny: number): Case {
  return {
    name,
    title,
    async run(bench) {
      const datasets = bench.quick ? tiny : full;
      const out = join(bench.folder, 'data');
      bench.say(`  writing what is known of ${datasets} datasets`);
      await fillFolder(out, datasets);
      const served = await serve({ kind: 'registry', datasets }, bench.folder);
      try {
        const addresses = served.addresses(false);
        const fetch = registry(addresses, out, datasets);
        const reading = [fetch, registryBaseline(addresses, datasets)];
        const summary = summarize(addresses, out, datasets);
        const measured = (variant: Variant, contenders: readonly Contender[], onBench = bench) =>
          inTurns(
            onBench,
            { folder: bench.folder, served, latency: variant.latency },
            { case: name, variant: variant.name, datasets },
            contenders,
            full >= 10_000,
          );
        // Once, not counted: the servers generate their answers, and there is a summary to replace.
        await measured(AT_0_MS, [...reading, summary], { ...bench, runs: 1 });
        const series = [
          ...(await measured(AT_0_MS, [...reading, summary, ...afterwards(out, datasets)])),
          ...(await measured(AT_40_MS, reading)),
        ];
        return { series, skipped: [] };
      } finally {
        served.close();
      }
    },
  };
}

/** All snapshots are known already: the daily run. */
function registry(addresses: Addresses, out: string, datasets: number): Contender {
  return {
    subject: 'fetch-registry',
    program: () => mirrorwatch('fetch-registry', addresses, out),
    check(_run, stdout) {
      expectCount('registry', factsOf(stdout).stages[0]?.done, datasets);
    },
  };
}

function registryBaseline(addresses: Addresses, datasets: number): Contender {
  return {
    subject: 'registry baseline',
    program: () => ({ argv: [REGISTRY_BASELINE, addresses.registry] }),
    check: (_run, stdout) => expectCount('registry baseline', Number(stdout), datasets),
  };
}

function summarize(addresses: Addresses, out: string, datasets: number): Contender {
  return {
    subject: 'summarize',
    program: () => mirrorwatch('summarize', addresses, out),
    check(_run, stdout) {
      const statuses = Object.values(factsOf(stdout).statuses ?? {});
      expectCount(
        'summary',
        statuses.reduce((sum, count) => sum + count, 0),
        datasets,
      );
    },
  };
}

function afterwards(out: string, datasets: number): Contender[] {
  const page: Contender = {
    subject: 'page data',
    program: () => ({ argv: [PAGE_DATA, out] }),
    check: (_run, stdout) => expectCount('page data', Number(stdout), datasets),
    facts: () => pageSizes(out),
  };
  const plan: Contender = {
    subject: 'plan',
    program: () => ({ argv: [PLAN, out] }),
    check: (_run, stdout) => expectCount('plan', Number(stdout), datasets),
  };
  return [page, plan];
}

/** Bytes of the whole summary, and of the compact one as a browser receives it. */
function pageSizes(
  out: string,
): Record<'summaryBytes' | 'compactBytes' | 'compactGzipBytes', number> {
  const read = (name: string) => readFileSync(join(out, name));
  const first = read(compactFileName(0));
  const { more } = readCompact(JSON.parse(first.toString()));
  const parts = [first, ...more.map(read)];
  const sum = (sizes: readonly number[]) => sizes.reduce((all, size) => all + size, 0);
  return {
    summaryBytes: read(SUMMARY_PATH).length,
    compactBytes: sum(parts.map((part) => part.length)),
    compactGzipBytes: sum(parts.map((part) => gzipSync(part).length)),
  };
}

function expectCount(what: string, got: number | undefined, expected: number): void {
  if (got !== expected) throw new Error(`${what}: ${got} datasets instead of ${expected}`);
}
