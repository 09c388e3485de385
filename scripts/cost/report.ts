// The report of `npm run cost`: arguments in, text out.

import { parseArgs } from 'node:util';
import { boardsReport } from './boards.ts';
import { DEPLOYED } from './inputs.ts';
import { type Estimate, estimate } from './model.ts';
import { PRICES_AS_OF } from './prices.ts';
import type { FunctionTime } from './times.ts';
import type { Workload } from './workload.ts';

export const USAGE = `npm run cost -- [--datasets 1850] [--files 7M] [--every 1d] [--watch 1h] [--no-watch] [--dashboard] [--memory fetch-registry=3008,plan=3008]
npm run cost -- --boards

  --every     time between runs over everything: minutes, hours or days (30m, 1h, 1d)
  --watch     time between looks at what changed; by default 1h, and none above 50,000 datasets
  --memory    megabytes of functions, as in -c mirrorwatch:memory=
  --boards    saved boards alone`;

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

function memoryOf(text: string): Record<string, number> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [, name = '', megabytes] = /^([\w-]+)=(\d{3,5})$/.exec(part) ?? [];
      if (!Object.hasOwn(DEPLOYED.memory, name)) throw new UsageError(`no memory: ${part}`);
      return [name, Number(megabytes)];
    }),
  );
}

function bill({ lines, total, totalAboveFree }: Estimate): string[] {
  const money = (cost: number, free: number) =>
    `${cost.toFixed(2).padStart(10)}${free.toFixed(2).padStart(12)}`;
  const rows = lines.map(({ what, amount, unit, cost, costAboveFree }) => {
    const much = amount.toLocaleString('en', { maximumFractionDigits: amount < 10 ? 2 : 0 });
    return `  ${what.padEnd(24)}${much.padStart(16)} ${unit.padEnd(12)}${money(cost, costAboveFree)}`;
  });
  return [
    `  ${''.padEnd(53)}${'list'.padStart(10)}${'above free'.padStart(12)}`,
    ...rows,
    `  ${'-'.repeat(75)}`,
    `  ${'USD a month'.padEnd(53)}${money(total, totalAboveFree)}`,
  ];
}

function timeLine({ name, seconds, limit, tries, isPossible }: FunctionTime): string {
  const took = `${Math.ceil(seconds).toLocaleString('en')} s`;
  const may = `${limit} s${tries > 1 ? `, up to ${tries} times` : ''}`;
  const end = isPossible ? '' : '   not possible';
  return `  ${name.padEnd(20)}${took.padStart(10)} of ${may}${end}`;
}

function show(result: Estimate, { every }: Workload): string {
  const pace =
    result.hoursARun > every * 24
      ? [
          `  Not possible: asking GitHub about them takes ${result.hoursARun.toFixed(1)} h at its pace, longer than`,
          `  the ${(every * 24).toFixed(1)} h between runs.`,
        ]
      : [];
  const times = [
    '  Each function at its longest, and what it may take:',
    '',
    ...result.times.map(timeLine),
  ];
  return [...bill(result), '', ...times, ...pace].join('\n');
}

/** @throws UsageError if an argument cannot be used */
export function costReport(args: readonly string[]): string {
  const values = readArguments(args);
  if (values.boards) return boardsReport();
  const datasets = count(values.datasets);
  const { watch: looks = datasets > DEPLOYED.large ? null : '1h' } = values;
  const load: Workload = {
    datasets,
    files: count(values.files),
    every: days(values.every),
    watch: looks === null || values['no-watch'] ? null : days(looks),
    dashboard: values.dashboard,
    memory: values.memory === undefined ? {} : memoryOf(values.memory),
  };
  const watch = load.watch === null ? '' : `, a look at what changed every ${looks}`;
  const title = `${load.datasets.toLocaleString('en')} datasets, ${load.files.toLocaleString('en')} files, every ${values.every}${watch}; prices of ${PRICES_AS_OF}`;
  return `${title}\n\n${show(estimate(load), load)}`;
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        datasets: { type: 'string', default: '1850' },
        files: { type: 'string', default: '7M' },
        every: { type: 'string', default: '1d' },
        watch: { type: 'string' },
        'no-watch': { type: 'boolean', default: false },
        dashboard: { type: 'boolean', default: false },
        boards: { type: 'boolean', default: false },
        memory: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
