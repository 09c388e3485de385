// The bill of saved boards: an ordinary month, and the most that its caps allow.

import { BOARDS_MEMORY, CAPS } from '../../lib/boards/caps.ts';
import { PRICES } from './prices.ts';

/** Hours in a month, as AWS counts them. */
const MONTH_SECONDS = 730 * 3600;

/** Assumed. */
const ORDINARY = {
  reads: 20_000,
  saves: 2000,
  /** Kilobytes of a board, and milliseconds of a request. */
  size: 1,
  readMs: 20,
  saveMs: 60,
  boards: 5000,
} as const;

/** Units of a request over a board of so many kilobytes. */
const UNITS = {
  /** One eventually consistent read; a touch writes the item and moves it in the index. */
  read: { read: 0.5, write: 3 },
  /** A transaction of two items, twice a unit each, and the index; and the writes of the visitor. */
  save: { read: 2, write: (size: number) => 2 * size + 2 + 1 + 1 },
} as const;

/** Alarms of boards (lib/alarms/catalogue.ts). The metric of one is ours, and sent once a day. */
export const ALARMS = 2;
const METRIC_HOURS = 730 / 24;

export interface BoardLine {
  readonly what: string;
  readonly ordinary: number;
  readonly most: number;
}

const gb = BOARDS_MEMORY / 1024;

/** US dollars a month at list prices. */
export function boardLines(): readonly BoardLine[] {
  const { reads, saves, size, readMs, saveMs, boards } = ORDINARY;
  const { read, save } = UNITS;
  const seconds = (reads * readMs + saves * saveMs) / 1000;
  const stored = (boards * size) / 1e6;
  const writes = reads * read.write + saves * save.write(size);
  const watching = ALARMS * PRICES.alarmMetric + (PRICES.customMetric * METRIC_HOURS) / 730;
  return [
    {
      what: 'DynamoDB: writes',
      ordinary: writes * PRICES.tableWrite,
      most: (CAPS.writeUnits + CAPS.indexUnits) * MONTH_SECONDS * PRICES.tableWrite,
    },
    {
      what: 'DynamoDB: reads',
      ordinary: (reads * read.read + saves * save.read) * PRICES.tableRead,
      most: (CAPS.readUnits + CAPS.indexUnits) * MONTH_SECONDS * PRICES.tableRead,
    },
    {
      what: 'DynamoDB: storage and backup',
      ordinary: stored * (PRICES.tableGbMonth + PRICES.tableBackupGbMonth),
      // BOARD_MAX_TOTAL_STORAGE_BYTES is a gigabyte.
      most: PRICES.tableGbMonth + PRICES.tableBackupGbMonth,
    },
    {
      what: 'Lambda',
      ordinary: seconds * gb * PRICES.lambdaGbSecond + (reads + saves) * PRICES.lambdaRequest,
      // One more evicts.
      most: (CAPS.atOnce + 1) * MONTH_SECONDS * gb * PRICES.lambdaGbSecond,
    },
    {
      what: 'CloudFront: requests',
      ordinary: (reads + saves) * PRICES.cdnRequest,
      most: Number.NaN,
    },
    { what: 'CloudWatch: alarms and their metric', ordinary: watching, most: watching },
  ];
}

export function boardsReport(): string {
  const money = (cost: number) => (Number.isNaN(cost) ? 'no cap' : cost.toFixed(2)).padStart(14);
  const lines = boardLines();
  const sum = (of: 'ordinary' | 'most') =>
    lines.reduce((all, line) => all + (Number.isNaN(line[of]) ? 0 : line[of]), 0);
  const row = (what: string, a: string, b: string) => `  ${what.padEnd(38)}${a}${b}`;
  const { reads, saves } = ORDINARY;
  return [
    `Saved boards: ${reads.toLocaleString('en')} reads and ${saves.toLocaleString('en')} saves a month`,
    '',
    row('', 'ordinary'.padStart(14), 'at the caps'.padStart(14)),
    ...lines.map(({ what, ordinary, most }) => row(what, money(ordinary), money(most))),
    `  ${'-'.repeat(66)}`,
    row('USD a month', money(sum('ordinary')), money(sum('most'))),
  ].join('\n');
}
