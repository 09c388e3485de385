// The report of `npm run cost`: arguments in, text out.

import { parseArgs } from 'node:util';
import { ARCHIVE } from './inputs.ts';
import { type Estimate, estimate } from './model.ts';
import { PRICES_AS_OF } from './prices.ts';

export const USAGE = `npm run cost -- [--datasets 1850] [--files 7M] [--every 1d] [--sweep 7d] [--dashboard]

  --every     time between runs: minutes, hours or days (30m, 1h, 1d)
  --sweep     measure what changed in every run, and everything else once in this time`;

const UNITS: Readonly<Record<string, number>> = { m: 1 / 1440, h: 1 / 24, d: 1 };
const SCALES: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** `7M` → 7,000,000. */
function count(text: string): number {
  const [, digits, scale = ''] = /^(\d+(?:\.\d+)?)([kMG]?)$/.exec(text) ?? [];
  if (digits === undefined) throw new UsageError(`no number: ${text}`);
  return Number(digits) * (SCALES[scale] as number);
}

/** `6h` → 0.25 days. */
function days(text: string): number {
  const [, digits, unit = ''] = /^(\d+)([mhd])$/.exec(text) ?? [];
  if (digits === undefined || Number(digits) === 0) throw new UsageError(`no time: ${text}`);
  return Number(digits) * (UNITS[unit] as number);
}

function show({ lines, total, hoursARun }: Estimate, every: number): string {
  const rows = lines.map(({ what, amount, unit, cost }) => {
    const much = amount.toLocaleString('en', { maximumFractionDigits: amount < 10 ? 2 : 0 });
    return `  ${what.padEnd(24)}${much.padStart(16)} ${unit.padEnd(12)}${cost.toFixed(2).padStart(10)}`;
  });
  const pace =
    hoursARun > every * 24
      ? [
          `  Not possible: asking GitHub about them takes ${hoursARun.toFixed(1)} h at its pace, longer than`,
          `  the ${(every * 24).toFixed(1)} h between runs.`,
        ]
      : [];
  const end = `  ${'USD a month'.padEnd(53)}${total.toFixed(2).padStart(10)}`;
  return [...rows, `  ${'-'.repeat(63)}`, end, ...pace].join('\n');
}

/** @throws UsageError if an argument cannot be used */
export function costReport(args: readonly string[]): string {
  const values = readArguments(args);
  const every = days(values.every);
  const datasets = count(values.datasets);
  const sweep = values.sweep === undefined ? every : days(values.sweep);
  const share = Math.min(1, every / sweep + ARCHIVE.changesADatasetAndDay * every);
  const load = { datasets, files: count(values.files), every, share, dashboard: values.dashboard };
  const title =
    `${datasets.toLocaleString('en')} datasets, ${load.files.toLocaleString('en')} files, every ${values.every}` +
    `${values.sweep ? `, what changed and a sweep in ${values.sweep}` : ''}; list prices of ${PRICES_AS_OF}`;
  return `${title}\n\n${show(estimate(load), every)}`;
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        datasets: { type: 'string', default: '1850' },
        files: { type: 'string', default: '7M' },
        every: { type: 'string', default: '1d' },
        sweep: { type: 'string' },
        dashboard: { type: 'boolean', default: false },
      },
      allowNegative: true,
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
