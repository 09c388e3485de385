// What five people come for, each with the number of steps it takes: opening an address, a click or a
// key is a step. The numbers are printed.

import { afterAll, describe, expect, test } from 'vitest';
import { watchedArchive, worldOf } from './support/history-world.ts';
import { changedWorld } from './support/server.ts';
import { openStage } from './support/stage.ts';
import { report } from './support/worlds.ts';

const watched = worldOf(await watchedArchive());
const { open } = await openStage({
  watched,
  held: changedWorld(watched, {
    'status.json': JSON.stringify(
      report({ run: { outcome: 'held', why: ['6 % of the datasets could not be verified.'] } }),
    ),
  }),
});

const steps: Record<string, number> = {};
afterAll(() => console.table(steps));

describe('an operator in the morning', () => {
  test('sees the new faults since yesterday, and opens one of them', async () => {
    const page = await open('watched');
    const line = page.locator('.since a');
    await expect.poll(() => line.textContent()).toMatch(/^Since yesterday: 2 new faults,/);
    await line.click();
    const faults = page.locator('.day').first().locator('.kind').first();
    expect(await faults.locator('h3').textContent()).toBe('New faults 2');
    const first = faults.getByRole('link').first();
    const id = await first.textContent();
    await first.click();
    await page.waitForURL(/dataset\.html/);
    await expect.poll(() => page.locator('h1').textContent()).toContain(`${id}`);
    steps['new faults since yesterday, and one of them'] = 3;
  });
});

describe('whoever deploys it', () => {
  test.each([
    ['alive', 'watched', '2026-08-01T03:00:00.000Z', null],
    ['dead for three days', 'watched', '2026-08-04T03:00:00.000Z', 'Nothing new for 3 d.'],
    ['alive, and holding back', 'held', '2026-08-01T09:00:00.000Z', '6 % of the datasets could'],
  ])('sees at the first look whether the monitor is %s', async (_what, world, now, said) => {
    const page = await open(world, '', { now });
    expect(await page.locator('.fresh').textContent()).toMatch(
      /^Data of 2026-08-01 00:0\d UTC, \d+ (min|h|d) old$/,
    );
    const banner = page.getByRole('complementary', { name: 'State of the data' });
    if (said === null) expect(await banner.count()).toBe(0);
    else expect(await banner.textContent()).toContain(said);
    steps['is the monitor itself alive'] = 1;
  });
});
