// Badges: a picture of a dataset's or an archive's state for pages of others, and the same as JSON
// for shields.io (https://shields.io/badges/endpoint-badge). Pure.

import * as z from 'zod';
import type { Catalogue } from '../documents/catalogue.ts';
import { number } from '../documents/format.ts';
import type { CheckRow, Row } from '../documents/rows.ts';
import { STATUSES, type Status } from '../documents/vocabulary.ts';
import { PENDING_WORDS } from '../documents/words.ts';
import { lowerFirst } from './notice-words.ts';
import { xmlText } from './xml.ts';

/** badge.json, in the form that shields.io reads. */
export const badgeSchema = z.object({
  schemaVersion: z.literal(1),
  label: z.string(),
  message: z.string().min(1),
  color: z.string().regex(/^[0-9a-f]{6}$/),
  isError: z.boolean(),
  cacheSeconds: z.int().positive(),
});

export interface Badge {
  readonly label: string;
  readonly message: string;
  /** `#1a7f37` */
  readonly colour: string;
  readonly isError: boolean;
}

const GREY = '#57606a';
/** White text on each has a contrast of 4.5 at least. */
export const COLOURS: Readonly<Record<Status, string>> = {
  error: '#cf222e',
  'version-mismatch': '#8250df',
  warning: '#9a6700',
  pending: GREY,
  ok: '#1a7f37',
};
/** It tells a number, and no verdict. */
const BLUE = '#0969da';
const LABEL_COLOUR = '#444d56';

const DAY = 24 * 60 * 60 * 1000;
/** A verdict that could not be measured again for so long is shown as such. */
const UNVERIFIED_DAYS = 3;

/** @param now start of the run that publishes the row */
export function datasetBadge(catalogue: Catalogue, row: Row, label: string, now: string): Badge {
  const message = messageOf(catalogue, row);
  if (isLongUnverified(row, now)) {
    return { label, message: `${message}, unverified`, colour: GREY, isError: false };
  }
  return { label, message, colour: COLOURS[row.status], isError: row.status === 'error' };
}

export const withdrawnBadge = (label: string): Badge => ({
  ...{ label, message: 'withdrawn', colour: GREY, isError: false },
});

/** @param rows number of datasets by status */
export function archiveBadge(
  { words }: Pick<Catalogue, 'words'>,
  rows: Readonly<Record<Status, number>>,
  label: string,
): Badge {
  const total = STATUSES.reduce((sum, status) => sum + rows[status], 0);
  return {
    label: `${words.title} ${label}`,
    message: `${number(rows.ok)} of ${number(total)} in step`,
    colour: total > 0 && rows.ok === total ? COLOURS.ok : BLUE,
    isError: false,
  };
}

function messageOf(catalogue: Catalogue, row: Pick<Row, 'status' | 'checks' | 'pending'>): string {
  switch (row.status) {
    case 'ok':
      return 'in step';
    case 'version-mismatch':
      return 'older version';
    case 'error':
      return worstIssue(catalogue, row) ?? 'error';
    case 'warning':
      return `look: ${worstIssue(catalogue, row) ?? 'warning'}`;
    case 'pending':
      return row.pending === null
        ? 'not measured yet'
        : lowerFirst(PENDING_WORDS[row.pending.reason].label);
  }
}

/** What the first check with the row's status found. */
function worstIssue(catalogue: Catalogue, row: Pick<Row, 'status' | 'checks'>): string | undefined {
  const check = catalogue.checks.find(({ id }) => row.checks[id]?.status === row.status);
  const found = check && row.checks[check.id];
  const label = catalogue.issues.get(`${check?.id}:${found?.subtype ?? found?.notCompared}`)?.label;
  return label && lowerFirst(label);
}

/** Whether a check that cannot be measured now was last measured well long ago. */
function isLongUnverified({ checks }: Pick<Row, 'checks'>, now: string): boolean {
  const isLong = ({ at, lastAttempt }: CheckRow) =>
    lastAttempt !== null && at !== null && Date.parse(now) - Date.parse(at) > UNVERIFIED_DAYS * DAY;
  return Object.values(checks).some(isLong);
}

/** How long shields.io may keep it; it takes no less than five minutes. */
const CACHE_SECONDS = 3600;

export function badgeJson({ label, message, colour, isError }: Badge): z.infer<typeof badgeSchema> {
  const color = colour.slice(1);
  return { schemaVersion: 1, label, message, color, isError, cacheSeconds: CACHE_SECONDS };
}

/** Bytes of each text, three times in the picture, so that all of it stays below 1.2 KB. */
const MOST_LABEL = 60;
const MOST_MESSAGE = 110;
const HEIGHT = 20;
const PADDING = 5;

/** A whole picture. The texts are cut if they are too long for one. */
export function badgeSvg(badge: Badge): string {
  const label = cut(badge.label, MOST_LABEL);
  const message = cut(badge.message, MOST_MESSAGE);
  const [left, right] = [label, message].map((text) => Math.ceil(widthOf(text)) + 2 * PADDING) as [
    number,
    number,
  ];
  const width = left + right;
  const says = xmlText(`${label}: ${message}`);
  const text = (it: string, x: number, length: number) =>
    `<text x="${x}" y="14" textLength="${length - 2 * PADDING}">${xmlText(it)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" role="img" aria-label="${says}">`,
    `<title>${says}</title>`,
    `<rect width="${width}" height="${HEIGHT}" rx="3" fill="${badge.colour}"/>`,
    `<path d="M3 0h${left - 3}v${HEIGHT}H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="${LABEL_COLOUR}"/>`,
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">',
    text(label, PADDING, left),
    text(message, left + PADDING, right),
    '</g></svg>\n',
  ].join('');
}

/** At most so many bytes when escaped. */
function cut(text: string, most: number): string {
  const bytes = (of: string) => Buffer.byteLength(xmlText(of));
  if (bytes(text) <= most) return text;
  let kept = '';
  for (const character of text) {
    if (bytes(`${kept}${character}…`) > most) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Widths of ` ` to `~` in Verdana of 11 pixels, in hundredths of a pixel. */
const WIDTHS = (
  '387 433 505 900 699 1184 799 295 500 500 699 900 400 500 400 500 ' +
  '699 699 699 699 699 699 699 699 699 699 500 500 900 900 900 600 ' +
  '1100 752 754 768 848 696 632 853 827 463 500 762 612 927 823 866 ' +
  '663 866 765 752 678 805 752 1088 754 677 754 500 500 500 900 699 ' +
  '699 661 685 573 685 655 387 685 696 302 379 651 302 1070 696 668 ' +
  '685 685 469 573 433 696 651 900 651 651 578 698 500 698 900'
)
  .split(' ')
  .map(Number);
/** Of all others, as wide as most letters of any script. */
const OTHER_WIDTH = 1100;

/** In pixels. */
export function widthOf(text: string): number {
  let sum = 0;
  for (const character of text) {
    sum += WIDTHS[(character.codePointAt(0) as number) - 0x20] ?? OTHER_WIDTH;
  }
  return sum / 100;
}
