// The files of a commit, requested from a server that answers with packs written by hand.

import { describe, expect, test } from 'vitest';
import type { HttpRequest } from '../../../../core/http.ts';
import { attempt, malformed, quoted } from '../../../../core/protocols/git/fault.ts';
import { saysNotOurRef } from '../../../../core/protocols/git/fetch-tree.ts';
import { createMirrorSource } from '../../../../core/protocols/git/mirror.ts';
import { packetAt } from '../../../../core/protocols/git/pkt-line.ts';
import {
  band,
  type Canned,
  canned,
  commit,
  DELIM,
  delta,
  EMPTY_TREE,
  FILE_OID,
  FLUSH,
  fetchAnswer,
  listed,
  object,
  pack,
  pkt,
  type RawObject,
  tree,
} from './wire.ts';

async function read(commitOid: string, answerTo: (request: HttpRequest) => Canned) {
  const http = canned(answerTo);
  const source = createMirrorSource({ http, baseUrl: 'https://host/org' });
  return { answer: await source.readTree('ds1', commitOid), asked: http.asked };
}

/** A commit on the first of the trees, all of them in a pack. */
async function readTrees(...trees: RawObject[]) {
  const head = commit(trees[0]?.oid ?? EMPTY_TREE);
  return (await read(head.oid, () => ({ body: fetchAnswer(pack([head, ...trees]), head.oid) })))
    .answer;
}

async function pathsOf(...trees: RawObject[]) {
  const answer = await readTrees(...trees);
  if (answer.kind !== 'seen') throw new Error(JSON.stringify(answer));
  return Array.from(answer.value, listed);
}

const file = (name: string | Buffer): [string, string | Buffer, string] => [
  '100644',
  name,
  FILE_OID,
];
const folder = (name: string, it: RawObject): [string, string, string] => ['40000', name, it.oid];

describe('the question', () => {
  test('one commit, no history, no contents', async () => {
    const { asked } = await read(FILE_OID, () => ({ status: 404 }));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      kind: 'tree',
      method: 'POST',
      url: 'https://host/org/ds1.git/git-upload-pack',
      headers: { 'Git-Protocol': 'version=2' },
      body:
        '0012command=fetch\n0016agent=mirrorwatch\n0017object-format=sha1\n0001' +
        '0010no-progress\n000eofs-delta\n000ddeepen 1\n0015filter blob:none\n' +
        `0032want ${FILE_OID}\n0009done\n0000`,
    });
  });
});

describe('the files come in byte order of the full path', () => {
  const leaf = tree(file('x'));

  test('a folder stands where its slash puts it', async () => {
    const root = tree(file('a-b'), file('a.b'), folder('a', leaf), file('a0'), file('b'));
    expect(await pathsOf(root, leaf)).toEqual(
      ['a-b', 'a.b', 'a/x', 'a0', 'b'].map((path) => `100644 ${FILE_OID} ${path}`),
    );
  });

  test('modes are what git makes of them; a folder may be written 040000', async () => {
    const root = tree(
      ['100644', 'a', FILE_OID],
      ['100664', 'b', FILE_OID],
      ['100755', 'c', FILE_OID],
      ['120000', 'd', FILE_OID],
      ['160000', 'e', FILE_OID],
      ['040000', 'f', leaf.oid],
    );
    expect(
      (await pathsOf(root, leaf)).map((line) => `${line.slice(0, 6)} ${line.slice(48)}`),
    ).toEqual(['100644 a', '100644 b', '100755 c', '120000 d', '160000 e', '100644 f/x']);
  });

  test('a file beside a folder of its name: git minds, but the paths differ', async () => {
    const root = tree(file('a'), file('a.b'), folder('a', leaf));
    expect((await pathsOf(root, leaf)).map((line) => line.slice(48))).toEqual(['a', 'a.b', 'a/x']);
  });

  test('one tree in several places', async () => {
    const middle = tree(folder('p', leaf), folder('q', leaf));
    const root = tree(folder('a', middle), folder('b', leaf), folder('c', middle));
    expect((await pathsOf(root, middle, leaf)).map((line) => line.slice(48))).toEqual([
      'a/p/x',
      'a/q/x',
      'b/x',
      'c/p/x',
      'c/q/x',
    ]);
  });

  test('the empty tree has no files, whether it is in the pack or not', async () => {
    const empty = object('tree', Buffer.alloc(0));
    expect(empty.oid).toBe(EMPTY_TREE);
    expect(await pathsOf()).toEqual([]);
    expect(await pathsOf(empty)).toEqual([]);
    expect(await pathsOf(tree(folder('a', empty), file('b')))).toHaveLength(1);
  });

  test('names that are not UTF-8 keep their bytes, one unit each', async () => {
    const [line] = await pathsOf(tree(file(Buffer.from([0x66, 0xff, 0xe9, 0x0a]))));
    expect(line?.slice(48)).toBe('f\xff\xe9\n');
  });

  test('names above U+FFFF stand behind those below, as bytes have it', async () => {
    const answer = await pathsOf(tree(file('\uff5e'), file('\u{1f9e0}')));
    expect(answer.map((line) => Buffer.from(line.slice(48), 'latin1').toString())).toEqual([
      '\uff5e',
      '\u{1f9e0}',
    ]);
  });

  test('names that are special to git or a shell are ordinary names', async () => {
    const names = ['\\', '__proto__', ' ', '-rf', '...', '.git', 'a:b', '<b>'].sort();
    expect((await pathsOf(tree(...names.map(file)))).map((line) => line.slice(48))).toEqual(names);
  });

  test('a path of 1,000 folders', async () => {
    const trees = [leaf];
    for (let depth = 0; depth < 1000; depth++)
      trees.unshift(tree(folder('d', trees[0] as RawObject)));
    const [line, ...others] = await pathsOf(...trees);
    expect(line?.slice(48)).toBe(`${'d/'.repeat(1000)}x`);
    expect(others).toEqual([]);
  });

  test('the files can be gone through twice', async () => {
    const answer = await readTrees(tree(file('a')));
    if (answer.kind !== 'seen') throw new Error(answer.kind);
    expect([...answer.value]).toEqual([...answer.value]);
    expect([...answer.value]).toHaveLength(1);
  });

  test('a server that ignores the filter costs only the passing over', async () => {
    const head = commit(leaf.oid);
    const contents = object('blob', Buffer.from('{}'));
    const body = fetchAnswer(pack([contents, head, contents, leaf]), head.oid);
    const { answer } = await read(head.oid, () => ({ body }));
    expect(answer.kind === 'seen' && Array.from(answer.value, listed)).toEqual([
      `100644 ${FILE_OID} x`,
    ]);
  });
});

describe('an incomplete tree is malformed, not a shorter list', () => {
  const leaf = tree(file('x'));
  const raw = (bytes: string) => object('tree', Buffer.from(bytes, 'latin1'));
  const id = '\xaa'.repeat(20);

  test.each<[string, RawObject]>([
    ['a name twice', tree(file('a'), file('a'))],
    ['names out of order', tree(file('b'), file('a'))],
    ['a folder ordered without its slash', tree(folder('a', leaf), file('a.b'))],
    ['an empty name', tree(file(''))],
    ['the name .', tree(file('.'))],
    ['the name ..', tree(folder('..', leaf))],
    ['a slash in a name', tree(file('a/b'))],
    ['a mode that git does not have', tree(['010644', 'a', FILE_OID])],
    ['no mode', raw(` a\0${id}`)],
    ['a mode of letters', raw(`10o644 a\0${id}`)],
    ['a mode with a sign behind 9', raw(`10064: a\0${id}`)],
    ['a mode with a sign before 0', raw(`10064/ a\0${id}`)],
    ['a mode with an 8', raw(`100648 a\0${id}`)],
    ['a mode of seven digits in the second entry', raw(`100644 a\0${id}0100644 b\0${id}`)],
    ['a mode of seven digits', raw(`0100644 a\0${id}`)],
    ['an object id cut short', raw(`100644 a\0${id.slice(1)}`)],
    ['a name without end', raw('100644 abc')],
    ['a mode without end', raw('100644')],
    ['a folder that is not in the pack', tree(folder('a', commit(EMPTY_TREE)))],
    ['a folder name longer than any path', tree(folder('a'.repeat(16_383), leaf))],
  ])('%s', async (_, root) => {
    expect(await readTrees(root, leaf)).toMatchObject({ kind: 'failed', reason: 'malformed' });
  });

  test.each([
    ['files', leaf],
    ['no file at all', object('tree', Buffer.alloc(0))],
  ])('a pack of 40 small trees that unfolds to billions of folders with %s', async (_, end) => {
    const trees = [end];
    for (let depth = 0; depth < 40; depth++) {
      const below = trees[0] as RawObject;
      trees.unshift(tree(folder('a', below), folder('b', below)));
    }
    expect(await readTrees(...trees)).toMatchObject({
      reason: 'malformed',
      detail: 'more than 4000000 files and folders',
    });
  });

  test('long folder names that a million places make gigabytes of', async () => {
    const trees = [leaf];
    for (let depth = 0; depth < 20; depth++) {
      const below = trees[0] as RawObject;
      const names = ['a', 'b'].map((name) => name.repeat(100));
      trees.unshift(tree(...names.map((name) => folder(name, below))));
    }
    expect(await readTrees(...trees)).toMatchObject({
      reason: 'malformed',
      detail: 'more than 536870912 bytes of paths',
    });
  });

  test.each<[string, RawObject]>([
    ['a commit without tree', object('commit', Buffer.from('author nobody\n'))],
    ['a commit that names no object', object('commit', Buffer.from(`tree ${'g'.repeat(40)}\n`))],
    ['a tree in its place', leaf],
    ['a tag in its place', object('tag', Buffer.from(`object ${FILE_OID}\n`))],
  ])('%s', async (_, head) => {
    const body = fetchAnswer(pack([head, leaf]), head.oid);
    const { answer } = await read(head.oid, () => ({ body }));
    expect(answer).toMatchObject({ kind: 'failed', reason: 'malformed' });
  });

  test("another commit's pack", async () => {
    const [asked, given] = [commit(EMPTY_TREE), commit(leaf.oid)];
    const body = fetchAnswer(pack([given, leaf]), given.oid);
    const { answer } = await read(asked.oid, () => ({ body }));
    expect(answer).toMatchObject({
      reason: 'malformed',
      detail: `commit ${asked.oid} is not in the pack`,
    });
  });
});

test.each<[string, string, string[], boolean]>([
  ['one that is wanted', `ERR upload-pack: not our ref ${FILE_OID}`, [FILE_OID], true],
  ['one of two', `ERR upload-pack: not our ref ${FILE_OID}`, [EMPTY_TREE, FILE_OID], true],
  ['another one', `ERR upload-pack: not our ref ${FILE_OID}`, [EMPTY_TREE], false],
  ['no error', `see ERR not our ref ${FILE_OID}`, [FILE_OID], false],
])('a server that does not have %s', (_, line, wants, expected) => {
  expect(saysNotOurRef(pkt(line), wants)).toBe(expected);
});

describe('the answer around the pack', () => {
  const leaf = tree(file('x'));
  const head = commit(leaf.oid);
  const bytes = pack([head, leaf]);
  const whole = fetchAnswer(bytes, head.oid, 40);
  const ours = async (canned: Canned) => (await read(head.oid, () => canned)).answer;

  test('cut at any byte, it is cut short', async () => {
    for (let length = 0; length < whole.length; length++) {
      const answer = await ours({ body: whole.subarray(0, length) });
      expect(answer, `cut at ${length}`).toMatchObject({ kind: 'failed', reason: 'cut-short' });
    }
  });

  test('a pack cut before its side-band is complete is malformed', async () => {
    expect(await ours({ body: fetchAnswer(bytes.subarray(0, -1), head.oid) })).toMatchObject({
      kind: 'failed',
      reason: 'malformed',
    });
  });

  test('unrequested sections and empty packets are skipped', async () => {
    const body = Buffer.concat([
      pkt('acknowledgments\n'),
      pkt('NAK\n'),
      DELIM,
      pkt('packfile\n'),
      band(1, ''),
      band(1, bytes),
      FLUSH,
    ]);
    expect(await ours({ body })).toMatchObject({ kind: 'seen' });
  });

  test('an object of two gigabytes is not made', async () => {
    const huge = delta(leaf.data.length, 2 ** 31 - 1);
    const body = fetchAnswer(pack([head, leaf, { type: 'ofs', base: 1, data: huge }]), head.oid);
    expect(await ours({ body })).toMatchObject({
      reason: 'malformed',
      detail: 'an object of 2147483647 bytes',
    });
  });

  test('a commit that the server does not have is absent', async () => {
    expect(await ours({ body: pkt(`ERR upload-pack: not our ref ${head.oid}`) })).toEqual({
      kind: 'absent',
    });
  });

  test.each<[string, Canned, object]>([
    ['404', { status: 404, body: 'Not Found' }, { kind: 'absent' }],
    ['401', { status: 401, body: 'Repository not found.' }, { kind: 'absent' }],
    ['404 of another', { status: 404 }, { kind: 'failed', reason: 'malformed' }],
    ['451', { status: 451, type: 'text/plain' }, { kind: 'failed', reason: 'malformed' }],
    ['403', { status: 403 }, { kind: 'failed', reason: 'throttled' }],
    ['400', { status: 400 }, { kind: 'failed', reason: 'malformed' }],
    ['a page', { type: 'text/html', body: whole }, { kind: 'failed', reason: 'malformed' }],
  ])('%s', async (_, answer, expected) => {
    expect(await ours(answer)).toMatchObject(expected);
  });

  test.each<[string, Buffer]>([
    ['another commit not found', pkt(`ERR upload-pack: not our ref ${leaf.oid}`)],
    ['another error', pkt('ERR upload-pack: overloaded')],
    ['the error band', Buffer.concat([pkt('packfile\n'), band(3, 'out of memory'), FLUSH])],
    [
      'the error band behind a whole pack',
      Buffer.concat([pkt('packfile\n'), band(1, bytes), band(3, 'out of memory'), FLUSH]),
    ],
    [
      'a pack in two sections',
      Buffer.concat([
        ...[pkt('packfile\n'), band(1, bytes.subarray(0, 20)), DELIM],
        ...[pkt('packfile\n'), band(1, bytes.subarray(20)), FLUSH],
      ]),
    ],
    ['no section', FLUSH],
    ['no pack', Buffer.concat([pkt('shallow-info\n'), pkt(`shallow ${head.oid}`), FLUSH])],
    ['an empty pack section', Buffer.concat([pkt('packfile\n'), FLUSH])],
    ['a delimiter in front', Buffer.concat([DELIM, whole])],
    ['a delimiter in the pack', Buffer.concat([pkt('packfile\n'), band(1, bytes), DELIM, FLUSH])],
    ['bytes behind it', Buffer.concat([whole, Buffer.from('0')])],
  ])('%s is malformed', async (_, body) => {
    expect(await ours({ body })).toMatchObject({ kind: 'failed', reason: 'malformed' });
  });
});

describe('one packet', () => {
  const packet = (text: string) => packetAt(Buffer.from(text.padEnd(70_000, 'x')), 0);

  test.each([
    ['0004', 0],
    ['0005', 1],
    ['00fF', 251],
    ['fff0', 65_516],
  ])('%s is of so many bytes: %i', (digits, bytes) => {
    expect(packet(digits)).toMatchObject({ packet: { length: bytes }, next: bytes + 4 });
  });

  test.each(['0002', '0003', 'fff1', 'ffff', 'zzzz', '12x4', 'x124', '0x10', '-001', ' 004'])(
    '%s is no length',
    (digits) => {
      expect(() => packet(digits)).toThrow(expect.objectContaining({ reason: 'malformed' }));
    },
  );
});

test.each<[string, string]>([
  ['fatal: no such thing', 'fatal: no such thing'],
  ['a\x1b[31m\n\tb', 'a [31m b'],
  ['\xe9 ~\x7f\n', '~'],
  ['', ''],
  ['x'.repeat(201), 'x'.repeat(200)],
])("a server's words %j in a log are %j", (text, shown) => {
  expect(quoted(Buffer.from(text, 'latin1'))).toBe(shown);
});

test('a fault is a failed measurement, a bug is not', () => {
  const thrower = (error: Error) => () => {
    throw error;
  };
  expect(attempt(thrower(malformed('x')))).toMatchObject({ kind: 'failed', reason: 'malformed' });
  expect(() => attempt(thrower(new TypeError('bug')))).toThrow(TypeError);
});
