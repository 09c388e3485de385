// The feeds as a feed reader reads them: feedparser, with which most readers in Python are made.

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import { catalogueOf } from '../../core/documents/catalogue.ts';
import { siteAddresses } from '../../core/documents/site.ts';
import type { RunNotice } from '../../core/history/documents.ts';
import { archiveFeed, datasetFeed, type FeedContext } from '../../core/history/feeds.ts';
import { installPython } from '../aws/emulator.ts';

const FEEDPARSER = '6.0.14';
const READ = `
import feedparser, json, sys
read = feedparser.parse(sys.argv[1])
print(json.dumps({
    "version": read.version, "faults": str(read.get("bozo_exception", "")), "id": read.feed.id,
    "title": read.feed.title, "updated": read.feed.updated, "author": read.feed.author,
    "links": {link.rel: link.href for link in read.feed.links},
    "entries": [{
        "id": entry.id, "title": entry.title, "published": list(entry.published_parsed[:6]),
        "link": entry.link, "text": entry.content[0].value, "type": entry.content[0].type,
        "terms": [tag.term for tag in entry.tags],
    } for entry in read.entries],
}))`;

let folder: string;
let python: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-feeds-'));
  python = join(await installPython('feedparser', FEEDPARSER), 'bin/python');
});
afterAll(() => rm(folder, { recursive: true }));

async function read(feed: string) {
  const path = join(folder, 'feed.atom');
  await writeFile(path, feed);
  const found = JSON.parse(execFileSync(python, ['-c', READ, path], { encoding: 'utf8' }));
  expect(found).toMatchObject({ version: 'atom10', faults: '', author: 'Mirrorwatch' });
  return found;
}

const CONTEXT: FeedContext = {
  catalogue: catalogueOf(openneuro),
  site: siteAddresses('https://watch.example.org', openneuro),
  ...{ tag: 'watch.example.org,2026', about: 'Invented & "quoted".' },
  firstRun: '2026-03-18T06:00:00.000Z',
};
const NOTICE: RunNotice = {
  ...{ run: '2026-04-09T06:00:00.000Z', id: 'ds000117', kind: 'fault', status: 'error' },
  checks: [{ check: 's3Files', from: 'ok', to: 'error:files-missing', since: null }],
};

test('a reader sees the entries of an archive, with dates, links and categories', async () => {
  const found = await read(archiveFeed(CONTEXT, [NOTICE]));
  expect(found).toMatchObject({
    id: 'tag:watch.example.org,2026:openneuro',
    title: 'Mirrorwatch: OpenNeuro',
    links: {
      self: 'https://watch.example.org/data/feeds/openneuro.atom',
      alternate: 'https://watch.example.org/',
    },
  });
  expect(found.entries).toEqual([
    {
      id: 'tag:watch.example.org,2026:openneuro/ds000117/2026-04-09T060000Z',
      title: 'ds000117: files missing',
      published: [2026, 4, 9, 6, 0, 0],
      link: 'https://watch.example.org/dataset.html?id=ds000117',
      text: expect.stringContaining('Since before 18 March 2026.'),
      type: 'text/plain',
      terms: ['fault', 'files-missing'],
    },
  ]);
});

test('hostile text stays text', async () => {
  const hostile = `</title><script>alert(1)</script> & "'\u0000\u0008\ud800\uffff`;
  const found = await read(
    datasetFeed(CONTEXT, 'ds000117', [
      { run: NOTICE.run, kind: 'version', version: hostile },
      {
        ...{ run: NOTICE.run, kind: 'fault', status: 'error', causes: [hostile] },
        checks: [{ check: hostile, from: null, to: `error:${hostile}`, since: null }],
      },
    ]),
  );
  expect(found.entries).toHaveLength(2);
  for (const { title } of found.entries) expect(title).toContain('<script>alert(1)</script> & "');
});
