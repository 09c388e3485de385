import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildSite } from '../../lib/website/site.ts';
import {
  MOST_KILOBYTES,
  PICTURES,
  PICTURES_FOLDER,
  SHOWN,
  siteDigest,
} from '../e2e/support/pictures.ts';

test('the pictures in the documents show the page as it is; `npm run screenshots -- --docs` makes them again', async () => {
  expect((await readFile(SHOWN, 'utf8')).trim()).toBe(siteDigest(await buildSite()));
});

/** PNG and JPEG. */
const BEGINS = /^(?:89504e47|ffd8ff)/;

test('the pictures are there, and not too heavy for a checkout', async () => {
  let bytes = 0;
  for (const name of Object.values(PICTURES)) {
    const picture = await readFile(join(PICTURES_FOLDER, name));
    expect(picture.toString('hex', 0, 4), name).toMatch(BEGINS);
    bytes += picture.length;
  }
  expect(bytes).toBeLessThan(MOST_KILOBYTES * 1024);
});

test('every picture in the folder is one that the script makes', async () => {
  const there = (await readdir(PICTURES_FOLDER)).filter((name) => /\.(?:png|jpg)$/.test(name));
  expect(there.sort()).toEqual(Object.values(PICTURES).sort());
});
