// axe finds nothing on any view in both themes and widths, and every status colour pair has enough
// contrast on its tint.

import { describe, expect, test } from 'vitest';
import { violations } from './support/axe.ts';
import { changedWorld } from './support/server.ts';
import { NARROW, openStage, WIDE } from './support/stage.ts';
import { report, sampleWorld } from './support/worlds.ts';

const sample = await sampleWorld();
const { open } = await openStage({
  sample: sample.world,
  outage: sample.outage,
  held: changedWorld(sample.world, {
    'status.json': JSON.stringify(report({ run: { outcome: 'held', why: ['Too much changed.'] } })),
  }),
});
const faulty = sample.summary.datasets.find(
  (row) => row.s3FilesAdded !== null && row.s3FilesRemoved !== null,
)?.id;

const VIEWS: readonly (readonly [string, string, string, string])[] = [
  ['the main page', 'sample', '', 'tbody a'],
  ['a filtered list', 'sample', '?status=error&issue=s3Files:files-missing', 'tbody a'],
  ['an empty list', 'sample', '?q=nothing+like+this', '.nothing'],
  ['unverified datasets under a banner', 'outage', '?unverified=1', 'tbody a'],
  ['a held publish', 'held', '', '.banner'],
  ['a dataset with differences', 'sample', `dataset.html?id=${faulty}`, '[role="tree"]'],
  ['the hostile dataset', 'sample', `dataset.html?id=${sample.hostile}`, '[role="tree"]'],
  ['an unknown dataset', 'sample', 'dataset.html?id=ds999999', '.trouble'],
  ['the plain summary', 'sample', 'data/summary.html', 'tbody tr'],
];

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  describe.each([
    ['wide', WIDE],
    ['narrow', NARROW],
  ] as const)('%s', (_name, viewport) => {
    test.each(VIEWS)('%s has no violation', async (_view, world, path, ready) => {
      const page = await open(world, path, { colorScheme, viewport, expected: ['ds999999'] });
      await page.locator(ready).first().waitFor();
      expect(await violations(page)).toEqual([]);
    });
  });

  test('the help and the list form have no violation', async () => {
    const page = await open('sample', `dataset.html?id=${faulty}`, { colorScheme });
    await page.getByRole('button', { name: 'List', exact: true }).click();
    await page.locator('.lines li').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Help' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('every status reads on its tint and on the paper with at least 4.5:1', async () => {
    const page = await open('sample', '', { colorScheme });
    await page.locator('tbody a').first().waitFor();
    const ratios = await page.evaluate(() => {
      const style = getComputedStyle(document.documentElement);
      const light = (name: string): number => {
        const hex = style.getPropertyValue(name).trim().slice(1);
        const parts = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
        const [r = 0, g = 0, b = 0] = parts.map((part) =>
          part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
        );
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ratio = (a: string, b: string): number => {
        const [dark = 0, bright = 0] = [light(a), light(b)].sort((x, y) => x - y);
        return (bright + 0.05) / (dark + 0.05);
      };
      const statuses = ['error', 'version-mismatch', 'warning', 'pending', 'ok'];
      const pairs = statuses.flatMap((status) => [
        [`--${status}`, `--${status}-tint`],
        [`--${status}`, '--paper'],
        [`--${status}`, '--surface'],
        ['--ink', `--${status}-tint`],
      ]);
      pairs.push(['--soft', '--paper'], ['--soft', '--surface'], ['--link', '--raised']);
      return pairs.map(([a = '', b = '']) => [`${a} on ${b}`, ratio(a, b)] as const);
    });
    expect(ratios.filter(([, value]) => !(value >= 4.5))).toEqual([]);
  });
});

test('everything on the main page is reached by Tab, and the focus is seen', async () => {
  const page = await open('sample');
  await page.locator('tbody a').first().waitFor();
  const reached = new Set<string>();
  const unseen: string[] = [];
  for (let presses = 0; presses < 90; presses++) {
    await page.keyboard.press('Tab');
    const { what, outlined } = await page.evaluate(() => {
      const focused = document.activeElement as HTMLElement;
      return {
        what: `${focused.tagName} ${focused.className} ${focused.textContent?.trim().slice(0, 20)}`,
        outlined: getComputedStyle(focused).outlineStyle !== 'none' || focused.tagName === 'BODY',
      };
    });
    if (!outlined) unseen.push(what);
    reached.add(what.split(' ').slice(0, 2).join(' '));
  }
  expect(unseen).toEqual([]);
  expect([...reached]).toEqual(
    expect.arrayContaining(['A name', 'BUTTON card', 'BUTTON facet', 'INPUT ', 'BUTTON help']),
  );
});
