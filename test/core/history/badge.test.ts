// H19: badges.

import { expect, test } from 'vitest';
import { openneuro } from '../../../archives/openneuro/index.ts';
import { catalogueOf } from '../../../core/documents/catalogue.ts';
import type { Row } from '../../../core/documents/rows.ts';
import { STATUSES, type Status } from '../../../core/documents/vocabulary.ts';
import {
  archiveBadge,
  type Badge,
  badgeJson,
  badgeSchema,
  badgeSvg,
  COLOURS,
  datasetBadge,
  widthOf,
  withdrawnBadge,
} from '../../../core/history/badge.ts';
import { checkRow, rowOf } from '../../support/rows.ts';
import { elementsOf, parseXml } from '../../support/xml.ts';

const CATALOGUE = catalogueOf(openneuro);
const NOW = '2026-08-10T06:00:00.000Z';

const row = (status: Status, checks: Row['checks'], more: Partial<Row> = {}) =>
  rowOf('ds000117', checks, { status, ...more });
const badge = (of: Row): Badge => datasetBadge(CATALOGUE, of, 'copies', NOW);

test.each<[string, Row, string, Status]>([
  ['in step', row('ok', { github: checkRow('ok') }), 'in step', 'ok'],
  [
    'the worst issue, not the first one',
    row('error', {
      github: checkRow('warning:tag-missing-older'),
      s3Files: checkRow('error:files-missing'),
    }),
    'files missing',
    'error',
  ],
  [
    'words in capitals',
    row('error', { doi: checkRow('error:doi-missing') }),
    'DOI missing',
    'error',
  ],
  [
    'a warning',
    row('warning', { github: checkRow('warning:head-mismatch') }),
    'look: default branch is behind',
    'warning',
  ],
  [
    'an older version',
    row('version-mismatch', { github: checkRow('version-mismatch:latest-tag-missing') }),
    'older version',
    'version-mismatch',
  ],
  ['not measured', row('pending', { github: checkRow('pending') }), 'not measured yet', 'pending'],
  [
    'just published',
    row(
      'pending',
      { github: checkRow('pending') },
      { pending: { reason: 'just-published', until: NOW } },
    ),
    'just published',
    'pending',
  ],
])('%s', (_, of, message, colour) => {
  const isError = colour === 'error';
  expect(badge(of)).toEqual({ label: 'copies', message, colour: COLOURS[colour], isError });
});

test('what could not be measured for more than three days is grey, and never green', () => {
  const since = (at: string | null) =>
    row('ok', {
      github: checkRow('ok'),
      s3Files: checkRow('ok', { at, lastAttempt: { at: NOW, reason: 'timeout' } }),
    });
  expect(badge(since('2026-08-07T06:00:00.000Z'))).toMatchObject({ message: 'in step' });
  const old = badge(since('2026-08-07T05:59:59.000Z'));
  expect(old).toMatchObject({ message: 'in step, unverified', colour: COLOURS.pending });
  const wrong = row('error', {
    github: checkRow('error:repo-not-found', {
      at: '2026-08-01T06:00:00.000Z',
      lastAttempt: { at: NOW, reason: 'timeout' },
    }),
  });
  expect(badge(wrong)).toMatchObject({ message: 'mirror missing, unverified', isError: false });
});

test('a withdrawn dataset is grey', () => {
  expect(withdrawnBadge('copies')).toMatchObject({
    message: 'withdrawn',
    colour: COLOURS.pending,
  });
});

test('the archive tells how many of its datasets are in step', () => {
  const counts = { error: 700, 'version-mismatch': 8, warning: 40, pending: 0, ok: 1099 };
  const some = archiveBadge(CATALOGUE, counts, 'copies');
  expect(some).toMatchObject({ label: 'OpenNeuro copies', message: '1,099 of 1,847 in step' });
  expect(some.colour).not.toBe(COLOURS.ok);
  const none = Object.fromEntries(STATUSES.map((status) => [status, 0])) as typeof counts;
  expect(archiveBadge(CATALOGUE, { ...none, ok: 3 }, 'copies').colour).toBe(COLOURS.ok);
  expect(archiveBadge(CATALOGUE, none, 'copies').colour).not.toBe(COLOURS.ok);
});

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
const contrast = (a: string, b: string) => {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};

test('white text can be read on every colour of the picture', () => {
  const badges = [
    ...STATUSES.map((status): Badge => ({ ...withdrawnBadge('x'), colour: COLOURS[status] })),
    archiveBadge(
      CATALOGUE,
      { error: 1, 'version-mismatch': 0, warning: 0, pending: 0, ok: 0 },
      'x',
    ),
  ];
  const colours = badges.flatMap((one) =>
    [...badgeSvg(one).matchAll(/fill="(#[0-9a-f]{6})"/g)].map(([, colour]) => colour as string),
  );
  expect(colours).toHaveLength(2 * badges.length);
  for (const colour of colours) expect(contrast(colour, '#ffffff')).toBeGreaterThanOrEqual(4.5);
});

test('texts are as wide as Verdana is', () => {
  // As shields.io measures them.
  expect(widthOf('in step')).toBeCloseTo(3.02 + 6.96 + 3.87 + 5.73 + 4.33 + 6.55 + 6.85);
  expect(widthOf('é中')).toBe(22);
  const root = parseXml(badgeSvg(badge(row('ok', {}))));
  const [label, message] = elementsOf(root).filter(({ name }) => name === 'text');
  const [left = 0, right = 0] = [widthOf('copies'), widthOf('in step')].map(Math.ceil);
  expect(label?.attributes.textLength).toBe(`${left}`);
  expect(message?.attributes.x).toBe(`${left + 15}`);
  expect(root.attributes.width).toBe(`${left + right + 20}`);
});

test.each([
  ['markup', '"><script>alert(1)</script>&'.repeat(9), '"><script>'],
  ['quotes', `'"`.repeat(200), `'"'"`],
  [
    'characters that XML forbids',
    'a\u0000\u0008\ud800\ufffe'.repeat(40),
    'a\ufffd\ufffd\ufffd\ufffda',
  ],
  ['other scripts', '中文'.repeat(80), '中文中'],
  ['signs of two code units', '🧠'.repeat(90), '🧠🧠'],
])('%s in a badge are text, and the picture stays small', (_, text, begins) => {
  const svg = badgeSvg({ label: text, message: text, colour: COLOURS.ok, isError: false });
  expect(Buffer.byteLength(svg)).toBeLessThanOrEqual(1200);
  const root = parseXml(svg);
  const all = elementsOf(root);
  const said = root.attributes['aria-label'];
  expect([root.name, root.namespace]).toEqual(['svg', 'http://www.w3.org/2000/svg']);
  expect(root.attributes.role).toBe('img');
  expect(all.find(({ name }) => name === 'title')?.text).toBe(said);
  expect(said?.startsWith(begins)).toBe(true);
  const names = new Set(all.map(({ name }) => name));
  expect(names).toEqual(new Set(['svg', 'title', 'rect', 'path', 'g', 'text']));
});

test.each(['a & b', 'a\u0001b', '\ud800', '\ufffe', '&#1;'])('%j is no XML', (text) => {
  expect(() => parseXml(`<a>${text}</a>`)).toThrow();
});

test('the JSON is what shields.io takes', () => {
  const json = badgeJson(badge(row('error', { github: checkRow('error:repo-not-found') })));
  expect(badgeSchema.parse(json)).toEqual({
    ...{ schemaVersion: 1, label: 'copies', message: 'mirror missing', color: 'cf222e' },
    ...{ isError: true, cacheSeconds: 3600 },
  });
});
