import { describe, expect, test } from 'vitest';
import { type ListingPage, scanListing } from '../../../../core/protocols/s3/list-scanner.ts';
import { contents, listPage } from './bucket.ts';
import { parseXml, type XmlElement } from './reference-xml.ts';

const MUTATIONS = 3000;
const PREFIX = 'ds000117/';
const AFTER = `${PREFIX}CHANGES`;
const QUESTION = { prefix: PREFIX, maxKeys: 1000, token: 'one', after: AFTER };

const PAGES = [
  listPage({
    token: 'one',
    nextToken: 'two/+==',
    keys: ['README', 'a+b%2Bc.tsv', 'caf%C3%A9', 'sub-01/x.json', '%F0%9F%98%80'].map(inDataset),
  }),
  listPage({
    token: 'one',
    keys: ['README', 'p&amp;q', 'sub-01/', 'sub-01/x.json'].map(inDataset),
  }),
  listPage({
    encoding: null,
    keys: ['a b+c%', 'caf&#xE9;', 'sub-01/&lt;x&gt;', '\u{1f600}'].map(inDataset),
  }),
  listPage({ token: 'one' }),
].map((page) => Buffer.from(page));

function inDataset(key: string): string {
  return PREFIX + key;
}

/** mulberry32: the same mutations on every run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

type Random = (below: number) => number;
/** The characters of XML and percent-encoding: a mutation that hits, hits what matters. */
const TELLING = ['<', '>', '/', '&', ';', '%', '+', '"', "'", '=', '0', '9', ' ', 'é', '\0', '\r'];
const SPLICES = [
  contents(inDataset('new')),
  '<Key>',
  '</Key>',
  '</Contents>',
  '</ListBucketResult>',
];

const MUTATORS: Readonly<Record<string, (page: Buffer, random: Random) => Buffer>> = {
  flip(page, random) {
    const mutated = Buffer.from(page);
    const at = random(page.length);
    mutated[at] = (mutated[at] as number) ^ (1 << random(8));
    return mutated;
  },
  replace(page, random) {
    const at = random(page.length);
    return splice(page, at, at + 1, Buffer.from(TELLING[random(TELLING.length)] as string));
  },
  insert(page, random) {
    const at = random(page.length);
    return splice(page, at, at, Buffer.from(TELLING[random(TELLING.length)] as string));
  },
  remove(page, random) {
    const at = random(page.length);
    return splice(page, at, at + 1 + random(60), Buffer.alloc(0));
  },
  repeat(page, random) {
    const at = random(page.length);
    return splice(page, at, at, page.subarray(at, at + 1 + random(400)));
  },
  cut: (page, random) => page.subarray(0, random(page.length)),
  graft(page, random) {
    const at = random(page.length);
    return splice(page, at, at, Buffer.from(SPLICES[random(SPLICES.length)] as string));
  },
  cross(page, random) {
    const other = PAGES[random(PAGES.length)] as Buffer;
    return Buffer.concat([
      page.subarray(0, random(page.length)),
      other.subarray(random(other.length)),
    ]);
  },
  object(page, random) {
    const found = [...page.toString('latin1').matchAll(/<Contents>.*?<\/Contents>/g)];
    const one = found[random(found.length)];
    if (!one) return page;
    return splice(page, one.index, one.index + one[0].length, Buffer.alloc(0));
  },
};

function splice(page: Buffer, from: number, to: number, middle: Buffer): Buffer {
  return Buffer.concat([page.subarray(0, from), middle, page.subarray(to)]);
}

/** The rules of a page over the tree of the slow parser; throws if one is broken. */
function slowly(bytes: Buffer): ListingPage {
  const root = parseXml(bytes);
  const one = (parent: XmlElement, name: string, otherwise?: string): string => {
    const found = parent.children.filter((child) => child.name === name);
    if (found.length > 1 || found[0]?.children.length) throw new Error(`not one ${name}`);
    const text = found[0]?.text ?? otherwise;
    if (text === undefined) throw new Error(`no ${name}`);
    return text;
  };
  const url = one(root, 'EncodingType', '') === 'url';
  const decode = (text: string): string =>
    url
      ? percentDecoded(Buffer.from(text, 'utf8').toString('latin1'))
      : Buffer.from(text, 'utf8').toString('latin1');

  const keys = root.children
    .filter((child) => child.name === 'Contents')
    .map((object) => ({
      key: decode(one(object, 'Key')),
      size: Number(one(object, 'Size')),
      etag: one(object, 'ETag').replace(/^"(.*)"$/, '$1'),
      ...timeOf(one(object, 'LastModified', '')),
    }));
  const truncated = one(root, 'IsTruncated');
  const rising = keys.every(({ key }, at) => key > (keys[at - 1]?.key ?? AFTER));
  const holds =
    root.name === 'ListBucketResult' &&
    root.text.trim() === '' &&
    Number(one(root, 'KeyCount')) === keys.length &&
    decode(one(root, 'Prefix')) === PREFIX &&
    ['true', 'false'].includes(truncated) &&
    keys.every(({ key, size }) => key.startsWith(PREFIX) && Number.isInteger(size)) &&
    rising;
  if (!holds) throw new Error('a page that breaks a rule');
  return {
    objects: keys.map(({ key, ...rest }) => ({ key: key.slice(PREFIX.length), ...rest })),
    nextToken: truncated === 'true' ? one(root, 'NextContinuationToken') : null,
  };
}

const timeOf = (text: string) =>
  /^\d{4}(-\d\d){2}T\d\d(:\d\d){2}(\.\d{1,9})?Z$/.test(text) ? { modified: text } : {};

function percentDecoded(text: string): string {
  let decoded = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '+') decoded += ' ';
    else if (text[at] !== '%') decoded += text[at];
    else {
      const hex = text.slice(at + 1, at + 3);
      if (!/^[0-9a-f]{2}$/i.test(hex)) throw new Error('a bad escape');
      decoded += String.fromCharCode(Number.parseInt(hex, 16));
      at += 2;
    }
  }
  return decoded;
}

describe(`${MUTATIONS} damaged listing pages`, () => {
  test('undamaged, both readers agree', () => {
    for (const page of PAGES) {
      expect(scanListing(page, QUESTION)).toEqual({ kind: 'seen', value: slowly(page) });
    }
  });

  test('each is refused, or read as a slow reader of XML reads the same bytes', () => {
    const random = randomOf(20260801);
    const names = Object.keys(MUTATORS);
    let refused = 0;
    let changed = 0;
    for (let nth = 0; nth < MUTATIONS; nth++) {
      const page = PAGES[random(PAGES.length)] as Buffer;
      const name = names[nth % names.length] as string;
      const mutated = MUTATORS[name]?.(page, random) ?? page;
      const scanned = scanListing(mutated, QUESTION);
      if (scanned.kind === 'failed') {
        refused++;
        continue;
      }
      if (!mutated.equals(page)) changed++;
      expect(scanned.value, `mutation ${nth}: ${name}\n${mutated}`).toEqual(slowly(mutated));
    }
    // Both verdicts occur, or the test would show nothing.
    expect(refused).toBeGreaterThan(MUTATIONS / 2);
    expect(changed).toBeGreaterThan(MUTATIONS / 20);
  });
});
