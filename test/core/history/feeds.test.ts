// H18: feeds, as a strict parser of XML reads them.

import { expect, test } from 'vitest';
import { openneuro } from '../../../archives/openneuro/index.ts';
import { catalogueOf } from '../../../core/documents/catalogue.ts';
import { siteAddresses } from '../../../core/documents/site.ts';
import { atomFeed } from '../../../core/history/atom.ts';
import type { RunNotice } from '../../../core/history/documents.ts';
import type { Notice } from '../../../core/history/events.ts';
import { archiveFeed, datasetFeed, type FeedContext } from '../../../core/history/feeds.ts';
import type { News } from '../../../core/history/strips-document.ts';
import { toy } from '../../contract/toy/index.ts';
import { type Element, parseXml } from '../../support/xml.ts';

const SITE = 'https://watch.example.org';
const CONTEXT: FeedContext = {
  catalogue: catalogueOf(openneuro),
  site: siteAddresses(SITE, openneuro),
  ...{ tag: 'watch.example.org,2026', about: null, firstRun: '2026-03-18T06:00:00.000Z' },
};
const ATOM = 'http://www.w3.org/2005/Atom';
const day = (number: number) => new Date(Date.UTC(2026, 2, 18 + number, 6)).toISOString();

const children = (element: Element, name: string) =>
  element.children.filter((one) => one.name === name && one.namespace === ATOM);
const textOf = (element: Element, name: string) => children(element, name)[0]?.text;
const linkOf = (element: Element, rel: string) =>
  children(element, 'link').find(({ attributes }) => attributes.rel === rel)?.attributes.href;
const termsOf = (element: Element) =>
  children(element, 'category').map(({ attributes }) => attributes.term);

const FAULT: Notice = {
  ...{ id: 'ds000117', kind: 'fault', status: 'error', causes: ['snapshot-not-pushed'] },
  checks: [
    { check: 's3Files', from: 'ok', to: 'error:files-missing', since: '2026-04-08T06:20:00.000Z' },
    { check: 'github', from: 'ok', to: 'error:tag-missing', since: null },
  ],
};
const MENDED: Notice = {
  ...{ id: 'ds000117', kind: 'mended', status: 'ok' },
  checks: [{ check: 's3Files', from: 'error:files-missing', to: 'ok', since: day(30) }],
};

test('the feed of an archive says what it is, where it is, and what is new, newest first', () => {
  const feed = parseXml(
    archiveFeed(CONTEXT, [
      { run: day(22), ...FAULT },
      { run: day(30), ...MENDED },
    ]),
  );
  expect([feed.name, feed.namespace]).toEqual(['feed', ATOM]);
  expect(textOf(feed, 'id')).toBe('tag:watch.example.org,2026:openneuro');
  expect(textOf(feed, 'title')).toBe('Mirrorwatch: OpenNeuro');
  expect(textOf(feed, 'updated')).toBe(day(30));
  expect(linkOf(feed, 'self')).toBe(`${SITE}/data/feeds/openneuro.atom`);
  expect(linkOf(feed, 'alternate')).toBe(`${SITE}/`);
  const [mended, fault] = children(feed, 'entry') as [Element, Element];
  expect(textOf(mended, 'title')).toBe('ds000117: fixed (export files)');
  expect(termsOf(mended)).toEqual(['mended', 'files-missing']);
  expect(textOf(fault, 'id')).toBe(
    'tag:watch.example.org,2026:openneuro/ds000117/2026-04-09T060000Z',
  );
  expect(textOf(fault, 'title')).toBe('ds000117: files missing');
  expect([textOf(fault, 'published'), textOf(fault, 'updated')]).toEqual([day(22), day(22)]);
  expect(termsOf(fault)).toEqual(['fault', 'files-missing', 'tag-missing']);
  expect(linkOf(fault, 'alternate')).toBe(`${SITE}/dataset.html?id=ds000117`);
  expect(textOf(fault, 'content')).toBe(
    'Files of this version are not in the export. Since 8 April 2026. Also GitHub mirror: latest tag missing. Likely cause: snapshot not pushed. Restore these files.',
  );
  expect(textOf(mended, 'content')).toBe(
    'No longer found: files missing. The export holds every file of its version, and nothing else.',
  );
});

test('where nothing explains a fault, no cause is named', () => {
  const unknown = { ...FAULT, causes: ['no-known-cause', 'a-cause-of-older-rules'] };
  const content = (count: number) => {
    const all = Array.from({ length: count }, () => ({ run: day(22), ...unknown }));
    const [entry] = children(parseXml(archiveFeed(CONTEXT, all)), 'entry');
    return textOf(entry as Element, 'content');
  };
  expect(content(1)).not.toMatch(/cause:/);
  expect(content(21)).toMatch(/^21 datasets: files missing\. When so many change at once/);
});

test('a feed without an entry is one, and no later', () => {
  const feed = parseXml(archiveFeed(CONTEXT, []));
  expect(textOf(feed, 'updated')).toBe(CONTEXT.firstRun);
  expect(children(feed, 'entry')).toEqual([]);
});

test('another archive than the first has addresses of its own', () => {
  const site = siteAddresses(SITE, toy);
  const feed = parseXml(archiveFeed({ ...CONTEXT, catalogue: catalogueOf(toy), site }, []));
  expect(linkOf(feed, 'self')).toBe(`${SITE}/data/toy/feeds/toy.atom`);
  expect(linkOf(feed, 'alternate')).toBe(`${SITE}/?archive=toy`);
  expect(site.dataset('bear')).toBe(`${SITE}/dataset.html?id=bear&archive=toy`);
});

test('more than twenty datasets after one run are one entry', () => {
  const many = (count: number): RunNotice[] =>
    Array.from({ length: count }, (_, at) => ({ run: day(22), ...FAULT, id: `ds00${1000 + at}` }));
  expect(children(parseXml(archiveFeed(CONTEXT, many(20))), 'entry')).toHaveLength(20);
  const [entry, ...others] = children(parseXml(archiveFeed(CONTEXT, many(37))), 'entry');
  expect(others).toEqual([]);
  expect(textOf(entry as Element, 'title')).toBe('37 datasets changed');
  expect(textOf(entry as Element, 'id')).toMatch(/\/many\/2026-04-09T060000Z$/);
  expect(linkOf(entry as Element, 'alternate')).toBe(
    `${SITE}/changes.html?from=2026-04-09&to=2026-04-09`,
  );
  expect(textOf(entry as Element, 'content')).toContain(
    '37 datasets: files missing. Likely causes: Snapshot not pushed (37 datasets). Not all snapshots are on GitHub. When',
  );
});

test('a feed has a hundred entries, and all of the last two weeks', () => {
  const daily = (count: number, perDay: number) =>
    Array.from({ length: count * perDay }, (_, at): RunNotice => {
      return { run: day(Math.floor(at / perDay)), ...FAULT, id: `ds00${1000 + (at % perDay)}` };
    });
  const entries = (notices: RunNotice[]) =>
    children(parseXml(archiveFeed(CONTEXT, notices)), 'entry');
  expect(entries(daily(150, 1))).toHaveLength(100);
  expect(entries(daily(30, 10))).toHaveLength(140);
});

test('the feed of a dataset begins with how it was first seen, and has its snapshots', () => {
  const { id: _, ...fault } = FAULT;
  const news: News[] = [
    { run: day(0), kind: 'listed', status: 'ok' },
    { run: day(5), kind: 'version', version: '1.0.1' },
    { run: day(22), ...fault },
  ];
  const feed = parseXml(datasetFeed(CONTEXT, 'ds000117', news));
  expect(textOf(feed, 'id')).toBe('tag:watch.example.org,2026:openneuro/ds000117');
  expect(textOf(feed, 'title')).toBe('ds000117: copies and source');
  expect(linkOf(feed, 'self')).toBe(`${SITE}/data/datasets/ds000117/feed.atom`);
  expect(children(feed, 'entry').map((entry) => textOf(entry, 'title'))).toEqual([
    'ds000117: files missing',
    'ds000117: new snapshot 1.0.1',
    'ds000117: first seen (OK)',
  ]);
});

const HOSTILE = [
  `]]></title><script>alert(1)</script>`,
  `a&b <c> "d" 'e' &#0; &lt;`,
  '\u0000\u0008\u000b\u001f\ud800\udc00\ud800x\ufffe\uffff',
  '\u202egnp.exe\u2066\u200b',
  '🧠'.repeat(300),
];
test.each(HOSTILE)('%j is text wherever it is', (text) => {
  const feed = atomFeed({
    ...{ id: text, title: text, subtitle: text, begun: day(0), self: text, page: text },
    entries: [
      {
        id: text,
        title: text,
        at: day(1),
        categories: [text],
        page: text,
        sentences: [text, text],
      },
    ],
  });
  const root = parseXml(feed);
  const [entry] = children(root, 'entry') as [Element];
  const whole = textOf(root, 'subtitle') ?? '';
  expect(textOf(entry, 'content')).toBe(`${whole} ${whole}`);
  expect(Array.from(textOf(entry, 'title') ?? '').length).toBeLessThanOrEqual(200);
  expect(root.children.map(({ name }) => name)).toEqual([
    ...['id', 'title', 'subtitle', 'updated', 'author', 'link', 'link', 'entry'],
  ]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
  expect(feed).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
});

test('hostile verdicts, causes, versions and checks of an older history are text', () => {
  for (const text of HOSTILE) {
    const notice: Notice = {
      ...{ id: 'ds000117', kind: 'fault', status: 'error', causes: [text] },
      checks: [{ check: text, from: null, to: `error:${text}`, since: null }],
    };
    const { id: _, ...own } = notice;
    const feeds = [
      archiveFeed(CONTEXT, [{ run: day(1), ...notice }]),
      datasetFeed(CONTEXT, 'ds000117', [
        { run: day(1), kind: 'version', version: text },
        { run: day(1), ...own },
      ]),
    ];
    expect(feeds.map((feed) => children(parseXml(feed), 'entry').length)).toEqual([1, 2]);
  }
});
