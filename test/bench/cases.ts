// All cases of the bench, in the order they are run.

import { recordedTree } from '../support/recorded.ts';
import type { Case } from './bench.ts';
import { AT_0_MS, AT_40_MS, type ChecksCase, checksCase, TLS } from './checks-case.ts';
import { manyCase } from './many-case.ts';

const filesCase = (
  options: Pick<ChecksCase, 'name' | 'title' | 'long'>,
  [datasets, files]: readonly [number, number],
  [quickDatasets, quickFiles]: readonly [number, number],
): Case =>
  checksCase({
    ...options,
    archive: (quick) =>
      quick
        ? { kind: 'files', datasets: quickDatasets, files: quickFiles }
        : { kind: 'files', datasets, files },
    variants: [AT_0_MS, AT_40_MS, TLS],
    warm: true,
    baselineRuns: () => Number.POSITIVE_INFINITY,
  });

export const CASES: readonly Case[] = [
  checksCase({
    name: '1000-datasets',
    title: '1,000 generated datasets',
    archive: (quick) => ({ kind: 'generated', datasets: quick ? 60 : 1000 }),
    variants: [AT_0_MS],
    warm: true,
    baselineRuns: () => 0,
    long: true,
  }),
  filesCase(
    { name: '1k-files', title: 'One dataset of 1,000 files', long: false },
    [1, 1000],
    [1, 200],
  ),
  filesCase(
    { name: '50k-files', title: 'One dataset of 50,000 files', long: false },
    [1, 50_000],
    [1, 2500],
  ),
  filesCase(
    { name: '400k-files', title: 'One dataset of 400,000 files', long: true },
    [1, 400_000],
    [1, 5000],
  ),
  filesCase(
    { name: '200-small', title: '200 datasets of 1,000 files, one process', long: true },
    [200, 1000],
    [5, 100],
  ),
  checksCase({
    name: 'replayed',
    title: 'The replayed archive, every recorded dataset',
    archive(quick) {
      const folder = recordedTree();
      if (folder === null) {
        return { missing: 'no recorded tree here: name an unpacked one in MIRRORWATCH_RECORDED' };
      }
      return { kind: 'replayed', folder, datasets: quick ? 12 : null };
    },
    variants: [AT_0_MS, AT_40_MS],
    warm: true,
    // Some minutes each.
    baselineRuns: ({ latency }) => (latency === 0 ? 1 : 0),
    long: true,
  }),
  manyCase('many-1k', '1,000 datasets known', 1000, 20),
  manyCase('many-10k', '10,000 datasets known', 10_000, 40),
  manyCase('many-100k', '100,000 datasets known', 100_000, 120),
];
