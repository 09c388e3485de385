import { describe, expect, test } from 'vitest';
import { toBinary } from '../../../../core/compare/byte-order.ts';
import { type ListingQuestion, scanListing } from '../../../../core/protocols/s3/list-scanner.ts';
import { contents, DECLARATION, errorDocument, listPage, type PageContent } from './bucket.ts';

const FIRST: ListingQuestion = { prefix: 'ds000117/', maxKeys: 1000, token: null, after: null };

function scan(page: string | Buffer, question: Partial<ListingQuestion> = {}) {
  return scanListing(Buffer.from(page as string), { ...FIRST, ...question });
}

function keysOf(page: PageContent, question?: Partial<ListingQuestion>): string[] {
  const scanned = scan(listPage(page), question);
  if (scanned.kind === 'failed') throw new Error(scanned.detail);
  return scanned.value.objects.map(({ key }) => key);
}

describe('a whole page', () => {
  test('gives keys without the prefix, sizes in bytes, ETags without quotes', () => {
    const scanned = scan(listPage({ keys: ['ds000117/CHANGES', 'ds000117/sub-01/x.json'] }));
    const etag = 'd41d8cd98f00b204e9800998ecf8427e';
    const modified = '2022-03-14T15:09:26.000Z';
    expect(scanned).toEqual({
      kind: 'seen',
      value: {
        objects: [
          { key: 'CHANGES', size: 16, etag, modified },
          { key: 'sub-01/x.json', size: 22, etag, modified },
        ],
        nextToken: null,
      },
    });
  });

  test.each([
    ['STANDARD', undefined],
    ['INTELLIGENT_TIERING', undefined],
    ['GLACIER_IR', undefined],
    ['', undefined],
    ['GLACIER', true],
    ['DEEP_ARCHIVE', true],
  ])('says which keys are archived: of class %s, %s', (storageClass, archived) => {
    const usual = contents('ds000117/a').replace('INTELLIGENT_TIERING', storageClass);
    // With an element in another place it is read the slow way.
    const unusual = usual.replace('<Key>', '<Owner/><Key>');
    for (const one of [usual, unusual]) {
      const scanned = scan(listPage({ contents: one, keyCount: 1 }));
      if (scanned.kind === 'failed') throw new Error(scanned.detail);
      expect(scanned.value.objects[0]?.archived).toBe(archived);
    }
  });

  test.each([
    [
      'a declaration in other words',
      (page: string) =>
        page.replace(
          DECLARATION,
          `<?xml  version = '1.0'  encoding  =  'utf-8'  standalone  =  "yes"  ?>`,
        ),
    ],
    [
      'a declaration without an encoding',
      (page: string) => page.replace(DECLARATION, '<?xml version="1.0"?>'),
    ],
    [
      'a declaration that says only that it stands alone',
      (page: string) => page.replace(DECLARATION, `<?xml version="1.0" standalone='no'?>`),
    ],
    ['no declaration', (page: string) => page.replace(DECLARATION, '')],
    [
      'elements without text and their closing tags',
      (page: string) => page.replace('<KeyCount>', '<ContinuationToken/>\n  <KeyCount>'),
    ],
    [
      'attributes of each kind',
      (page: string) =>
        page.replace('<KeyCount>', `<Owner  a = 'x y'   b="z" >me</Owner><KeyCount>`),
    ],
  ])('may be written with %s', (_, rewritten) => {
    const page = rewritten(listPage({ keys: ['ds000117/a'] }));
    expect(page).not.toBe(listPage({ keys: ['ds000117/a'] }));
    expect(scan(page)).toMatchObject({ kind: 'seen', value: { objects: [{ key: 'a' }] } });
  });

  test('a page without keys is an empty listing', () => {
    expect(scan(listPage())).toEqual({ kind: 'seen', value: { objects: [], nextToken: null } });
  });

  test('a page that continues names the token of the next', () => {
    const page = listPage({ keys: ['ds000117/a'], nextToken: '1/x+y=&amp;' });
    expect(scan(page)).toMatchObject({ kind: 'seen', value: { nextToken: '1/x+y=&' } });
  });

  test.each([
    { sent: 'a+b', key: 'a b' },
    { sent: 'a%2Bb', key: 'a+b' },
    { sent: 'a%2bb', key: 'a+b' },
    { sent: 'a%2520b', key: 'a%20b' },
    { sent: '%23%26%3C%27%22.tsv', key: `#&<'".tsv` },
    { sent: 'caf%C3%A9/%F0%9F%98%80', key: 'café/😀' },
    { sent: 'sub%2Fx', key: 'sub/x' },
    { sent: '.bidsignore', key: '.bidsignore' },
    { sent: '-rf', key: '-rf' },
    { sent: 'a&amp;b', key: 'a&b' },
    { sent: 'line%0Abreak%0D', key: 'line\nbreak\r' },
    { sent: '', key: '' },
  ])('url-encoded key $sent is $key', ({ sent, key }) => {
    expect(keysOf({ keys: [`ds000117/${sent}`] })).toEqual([toBinary(key)]);
  });

  test.each([
    { sent: 'a+b%20c%zz', key: 'a+b%20c%zz' },
    { sent: '&lt;&gt;&amp;&quot;&apos;&#233;&#xE9;&#x1F600;&#13;', key: `<>&"'éé😀\r` },
    { sent: '&#xD7FF;&#xE000;&#x10FFFF;', key: '\ud7ff\ue000\u{10ffff}' },
    { sent: 'café', key: 'café' },
    { sent: '&amp;lt;', key: '&lt;' },
  ])('a server that does not encode sends $sent for $key', ({ sent, key }) => {
    expect(keysOf({ encoding: null, keys: [`ds000117/${sent}`] })).toEqual([toBinary(key)]);
  });

  test('keys rise in byte order, not in that of UTF-16', () => {
    const keys = ['ds000117/a', 'ds000117/%EF%BF%BF', 'ds000117/%F0%9F%98%80'];
    expect(keysOf({ keys })).toHaveLength(3);
    expect(scan(listPage({ keys: keys.toReversed() }))).toMatchObject({ reason: 'malformed' });
  });

  test.each([
    ['a byte order mark', `\ufeff${listPage()}`],
    ['no declaration', listPage().slice(DECLARATION.length)],
    ['white space between all', listPage({ keys: ['ds000117/a'] }).replaceAll('><', '>\r\n\t <')],
    ['white space at the end', `${listPage()}\n\n`],
    ['an encoded prefix', listPage({ prefix: 'ds000117%2F' })],
    ['elements of their own', listPage({ extra: '<Delimiter/><X a="1" b=\'2\'>t<Y><Z/></Y></X>' })],
    ['fewer keys than asked for', listPage({ maxKeys: 10 })],
    ['an empty next token', listPage({ nextToken: '', truncated: false })],
    [
      'encoding named last',
      listPage({ encoding: null }).replace('</ListB', '<EncodingType>url</EncodingType></ListB'),
    ],
  ])('may have %s', (_, page) => {
    expect(scan(page)).toMatchObject({ kind: 'seen' });
  });

  test('may name the owner of an object', () => {
    const owner = '<Owner><ID>1</ID><DisplayName>a &amp; b</DisplayName></Owner></Contents>';
    const page = listPage({
      contents: contents('ds000117/a').replace('</Contents>', owner),
      keyCount: 1,
    });
    expect(scan(page)).toMatchObject({ kind: 'seen', value: { objects: [{ key: 'a' }] } });
  });

  test.each([
    ['&quot;0a-2&quot;', '0a-2'],
    ['"0a"', '0a'],
    ['0a', '0a'],
    ['&#34;0a&#34;', '0a'],
  ])('may write an ETag as %s', (sent, etag) => {
    const one = contents('ds000117/a').replace(/<ETag>.*<\/ETag>/, `<ETag>${sent}</ETag>`);
    const page = listPage({ contents: one, keyCount: 1 });
    expect(scan(page)).toMatchObject({ kind: 'seen', value: { objects: [{ etag }] } });
  });
});

describe('the time of an object', () => {
  const sent = '2022-03-14T15:09:26.000Z';
  /** In an order that only the element-by-element reader knows. */
  const slowly = (time: string) => {
    const element = `<LastModified>${sent}</LastModified>`;
    const one = contents('ds000117/a').replace(element, '').replace('<ETag>', `${time}<ETag>`);
    return listPage({ contents: one.replace('<Key>', '<X/><Key>'), keyCount: 1 });
  };

  test.each([
    sent,
    '2022-03-14T15:09:26Z',
    '2022-03-14T15:09:26.1Z',
    '2022-03-14T15:09:26.123456789Z',
  ])('%s is kept, whichever way it is read', (time) => {
    const element = `<LastModified>${time}</LastModified>`;
    const expected = { kind: 'seen', value: { objects: [{ key: 'a', modified: time }] } };
    expect(scan(slowly(element))).toMatchObject(expected);
    const usual = contents('ds000117/a').replace(sent, time);
    expect(scan(listPage({ contents: usual, keyCount: 1 }))).toMatchObject(expected);
  });

  test.each([
    '',
    'yesterday',
    ` ${sent}`,
    `${sent} `,
    '2022-03-14',
    '02-03-14T15:09:26Z',
    '2022-3-14T15:09:26Z',
    '2022-03-14T15:09:26+01:00',
    '2022-03-14T15:09:26.Z',
    '2022-03-14T15:09:26.1234567890Z',
    ...['x', 'y'].flatMap((letter) =>
      [0, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18, 20].map(
        (at) => sent.slice(0, at) + letter + sent.slice(at + 1),
      ),
    ),
  ])('%j is invalid: it is left out, and breaks nothing', (time) => {
    const scanned = scan(slowly(`<LastModified>${time}</LastModified>`));
    if (scanned.kind === 'failed') throw new Error(scanned.detail);
    expect(scanned.value.objects).toEqual([
      { key: 'a', size: 10, etag: 'd41d8cd98f00b204e9800998ecf8427e' },
    ]);
  });

  test('need not be named', () => {
    const scanned = scan(slowly(''));
    if (scanned.kind === 'failed') throw new Error(scanned.detail);
    expect(Object.keys(scanned.value.objects[0] ?? {})).toEqual(['key', 'size', 'etag']);
  });

  test('is told once', () => {
    const element = `<LastModified>${sent}</LastModified>`;
    expect(scan(slowly(element + element))).toMatchObject({ reason: 'malformed' });
  });
});

describe('a page without its end', () => {
  test.each([
    ['', 'cut-short'],
    [' \n', 'cut-short'],
    ['\ufeff<?xml version="1.0"?>', 'cut-short'],
    ['<ListBucketResult><Name>', 'cut-short'],
    ['<html>', 'malformed'],
    [' x', 'malformed'],
    ['x<?xml version="1.0"?>', 'malformed'],
    ['{"a": "<ListBucketResult"}', 'malformed'],
  ])('%j is %s', (body, reason) => {
    expect(scan(body)).toMatchObject({ kind: 'failed', reason });
  });

  test('has it, however much white space follows', () => {
    expect(scan(`${listPage()}${' '.repeat(1000)}`)).toMatchObject({ kind: 'seen' });
  });
});

describe('a cut page is a failed measurement, never missing files', () => {
  const page = listPage({ keys: ['ds000117/a', 'ds000117/b'] });

  test('wherever it is cut', () => {
    const began = page.indexOf('?>') + 2;
    for (let length = 0; length < page.length; length++) {
      const reason = length >= began || length === 0 ? 'cut-short' : expect.any(String);
      expect(scan(page.slice(0, length))).toMatchObject({ kind: 'failed', reason });
    }
  });

  test('also where an object fell out of its middle', () => {
    const hole = page.replace(contents('ds000117/a'), '');
    expect(scan(hole)).toMatchObject({ kind: 'failed', reason: 'malformed' });
  });
});

describe('a page that is not what was asked is a failed measurement', () => {
  const one = contents('ds000117/a');
  const withObject = (object: string): PageContent => ({ contents: object, keyCount: 1 });

  test.each<[string, PageContent, Partial<ListingQuestion>?]>([
    ['fewer keys than KeyCount', { keys: ['ds000117/a'], keyCount: 2 }],
    ['more keys than KeyCount', { keys: ['ds000117/a', 'ds000117/b'], keyCount: 1 }],
    ['no number of keys', { keyCount: '' }],
    ['a negative number of keys', { keyCount: '-0' }],
    ['more keys than MaxKeys', { keys: ['ds000117/a', 'ds000117/b'], maxKeys: 1 }],
    ['MaxKeys above what was asked', { maxKeys: 1000 }, { maxKeys: 999 }],
    ['another prefix', { prefix: 'ds000118/' }],
    ['no prefix', { prefix: '' }],
    ['a key outside the prefix', { keys: ['ds000118/a'] }],
    ['the prefix without its slash', { keys: ['ds000117'] }],
    ['a key twice', { keys: ['ds000117/a', 'ds000117/a'] }],
    ['falling keys', { keys: ['ds000117/b', 'ds000117/a'] }],
    ['a key that rises only undecoded', { keys: ['ds000117/%61', 'ds000117/A'] }],
    ['the last key of the page before', { keys: ['ds000117/a'] }, { after: 'ds000117/a' }],
    ['a key below the page before', { keys: ['ds000117/a'] }, { after: 'ds000117/b' }],
    ['a bad escape', { keys: ['ds000117/%zz'] }],
    ['half an escape', { keys: ['ds000117/a%2'] }],
    ['an encoding nobody asked for', { encoding: 'base64' }],
    ['truncated without token', { truncated: true }],
    ['truncated with an empty token', { truncated: true, nextToken: '' }],
    ['a token without being truncated', { truncated: false, nextToken: 'x' }],
    ['truncated maybe', { truncated: 'maybe' }],
    ['truncated in capitals', { truncated: 'TRUE', nextToken: 'x' }],
    ['another page', { token: 'two' }, { token: 'one' }],
    ['a later page than the first', { token: 'two' }],
    [
      'common prefixes',
      { extra: '<CommonPrefixes><Prefix>ds000117/sub/</Prefix></CommonPrefixes>' },
    ],
    ['two prefixes', { extra: '<Prefix>ds000117/</Prefix>' }],
    ['two ends', { extra: '<IsTruncated>false</IsTruncated>' }],
    ['a document type', { extra: '<!DOCTYPE x [<!ENTITY a "b">]>' }],
    ['CDATA', { keys: ['ds000117/<![CDATA[a]]>'] }],
    ['a comment', { keys: ['ds000117/a<!-- b -->'] }],
    ['a processing instruction', { extra: '<?x y?>' }],
    ['an unknown entity', { keys: ['ds000117/&nbsp;'] }],
    ['an entity without end', { keys: ['ds000117/a&amp'] }],
    ['a bare ampersand', { keys: ['ds000117/a&b'] }],
    ['an entity beyond Unicode', { keys: ['ds000117/&#x110000;'] }],
    ['the first half of a surrogate pair', { keys: ['ds000117/&#xD800;'] }],
    ['the last half of one', { keys: ['ds000117/&#xDFFF;'] }],
    ['an entity that only ends as a number', { keys: ['ds000117/&x#65;'] }],
    ['half a surrogate pair', { keys: ['ds000117/&#xD83D;'] }],
    ['an entity for nothing', { keys: ['ds000117/&#0;'] }],
    ['a carriage return in a key', { keys: ['ds000117/a\rb'] }],
    ['a control character', { keys: ['ds000117/a\x01b'] }],
    ['an element in a key', { keys: ['ds000117/<b>a</b>'] }],
    ['text between elements', { extra: 'text' }],
    ['a closing tag too many', { extra: '</Name>' }],
    ['an element that is not closed', { extra: '<Name>' }],
    ['invalid attributes', { extra: '<Name a=b/>' }],
    ['an attribute twice', { extra: '<Name a="1" a="2"/>' }],
    ['elements without bottom', { extra: '<X>'.repeat(5_000) + '</X>'.repeat(5_000) }],
    ['an empty object', withObject('<Contents/>')],
    ['an object without key', withObject(one.replace(/<Key>.*<\/Key>/, ''))],
    ['an object without size', withObject(one.replace(/<Size>.*<\/Size>/, ''))],
    ['an object without ETag', withObject(one.replace(/<ETag>.*<\/ETag>/, ''))],
    ['two keys in an object', withObject(one.replace('</Key>', '</Key><Key>ds000117/b</Key>'))],
    [
      'two storage classes',
      withObject(
        one.replace('<StorageClass>', '<StorageClass>GLACIER</StorageClass><StorageClass>'),
      ),
    ],
    ['a tag that begins with a digit', { extra: '<1a b="c"/>' }],
    ['two sizes', withObject(one.replace('</Size>', '</Size><Size>10</Size>'))],
    ['two ETags', withObject(one.replace('</ETag>', '</ETag><ETag>x</ETag>'))],
    ['a size that is not a number', withObject(one.replace('<Size>10', '<Size>1e3'))],
    ['a negative size', withObject(one.replace('<Size>10', '<Size>-1'))],
    ['a size with white space', withObject(one.replace('<Size>10', '<Size> 10'))],
    ['a size beyond counting', withObject(one.replace('<Size>10', `<Size>1${'0'.repeat(30)}`))],
    ['an ETag with something before', withObject(one.replace('<ETag>&quot;', '<ETag>x&quot;'))],
    ['an ETag with something behind', withObject(one.replace('&quot;</ETag>', '&quot;x</ETag>'))],
    ['an ETag of two words', withObject(one.replace(/<ETag>.*<\/ETag>/, '<ETag>a b</ETag>'))],
    ['a control character before the objects', { keys: ['ds000117/a'], extra: '<X>\x01</X>' }],
    [
      'a control character between usual objects',
      { contents: `${one}<X>\x01</X>${contents('ds000117/b')}`, keyCount: 2 },
    ],
    ['a control character behind them', { contents: `${one}<X>\x01</X>`, keyCount: 1 }],
    ['an object that is closed by another name', withObject(one.replace('</Key>', '</Keys>'))],
    ['a name that only begins as it should', withObject(one.replace('</Size>', '</Size x>'))],
    ['an ETag with one quote', withObject(one.replace('<ETag>&quot;', '<ETag>'))],
    ['an empty ETag', withObject(one.replace(/<ETag>.*<\/ETag>/, '<ETag>&quot;&quot;</ETag>'))],
  ])('%s', (_, page, question) => {
    expect(scan(listPage(page), question)).toMatchObject({ kind: 'failed', reason: 'malformed' });
  });

  test.each([
    ['a web page', '<!doctype html><html><body>Sign in</body></html>'],
    ['JSON', '{"message": "Internal error"}'],
    ['an error document under a 200', errorDocument('InternalError')],
    ['another root', listPage().replaceAll('ListBucketResult', 'ListVersionsResult')],
    ['two pages in one', listPage() + listPage()],
    ['something behind the end', `${listPage()}x`],
    ['something before the beginning', `x${listPage()}`],
    ['a document type', listPage().replace('<ListB', '<!DOCTYPE a><ListB')],
    ['a declaration in capitals', listPage().replace('<?xml', '<?XML')],
    ['UTF-16 announced', listPage().replace('UTF-8', 'UTF-16')],
  ])('%s', (_, page) => {
    expect(scan(page)).toMatchObject({ kind: 'failed' });
  });

  test('bytes that are no UTF-8', () => {
    const page = Buffer.from(listPage({ encoding: null, keys: ['ds000117/caf\xe9'] }), 'latin1');
    expect(scan(page)).toMatchObject({ kind: 'failed', reason: 'malformed' });
  });

  test('whatever it holds, the report of it is short', () => {
    const scanned = scan(listPage({ keys: [`ds000118/${'x'.repeat(10_000)}`] }));
    expect(scanned).toMatchObject({ kind: 'failed' });
    expect(JSON.stringify(scanned).length).toBeLessThan(300);
  });
});
