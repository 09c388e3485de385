import { expect, test } from 'vitest';
import { eachPage, openListing } from '../../../../archives/openneuro/measure/export-pass.ts';
import { failed } from '../../../../core/failure.ts';
import { walkPages } from '../../../../core/protocols/s3/page-walk.ts';
import { healthyArchive, stageContext } from '../../../support/stage-context.ts';

const MARKS = Array.from({ length: 30 }, (_, place) => ({
  key: `key ${String(place).padStart(2, '0')}`,
  keys: place + 1,
}));

test.each([
  { name: 'fails', page: failed('timeout', 'no answer') },
  { name: 'turns out to be empty', page: { objects: [], nextToken: null } },
])('a long listing that $name gives back its share of what is asked ahead', async ({ page }) => {
  const lookAhead = { left: 32 };
  const context = stageContext(healthyArchive([]));
  let asked = 0;
  context.export.listObjects = () =>
    walkPages(
      async () => {
        asked++;
        return async () => page;
      },
      { pageSize: 1, maxPages: 99, lookAhead, lastKeys: 30, marks: () => MARKS },
    );
  const listing = openListing(context, 'ds000001');
  const fault = await eachPage(listing, () => {});
  expect(fault).toEqual('kind' in page ? page : null);
  expect(asked).toBeGreaterThan(10);
  expect(lookAhead.left).toBeLessThan(32);
  listing.close();
  await new Promise(setImmediate);
  expect(lookAhead.left).toBe(32);
});
