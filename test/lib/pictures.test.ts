import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildSite } from '../../lib/website/site.ts';
import { PICTURES, PICTURES_FOLDER, SHOWN, siteDigest } from '../e2e/support/pictures.ts';

test('the pictures in the documents show the page as it is; `npm run screenshots -- --docs` makes them again', async () => {
  expect((await readFile(SHOWN, 'utf8')).trim()).toBe(siteDigest(await buildSite()));
});

test.each(Object.values(PICTURES))('%s is a picture', async (name) => {
  const bytes = await readFile(join(PICTURES_FOLDER, name));
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
});
