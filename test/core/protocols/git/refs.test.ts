// Refs: what a server's answer means, and which answers mean nothing.

import { describe, expect, test } from 'vitest';
import type { HttpRequest } from '../../../../core/http.ts';
import { createMirrorSource } from '../../../../core/protocols/git/mirror.ts';
import type { Refs } from '../../../../core/protocols/sources.ts';
import { ADVERTISEMENT, type Canned, canned, DELIM, FLUSH, pkt, RESULT } from './wire.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];

async function read(answerTo: (request: HttpRequest) => Canned) {
  const http = canned(answerTo);
  const answer = await createMirrorSource({ http, baseUrl: 'https://host/org/' }).readRefs('ds1');
  return { answer, asked: http.asked };
}

const lsRefs = (...lines: (string | Buffer)[]) =>
  Buffer.concat([...lines.map((line) => pkt(Buffer.concat([Buffer.from(line as string)]))), FLUSH]);

function plain({ branches, tags, annotated, ...head }: Refs) {
  return { ...head, branches: [...branches], tags: [...tags], annotated: [...annotated] };
}

async function refsOf(body: Buffer) {
  const { answer } = await read(() => ({ body }));
  if (answer.kind !== 'seen') throw new Error(JSON.stringify(answer));
  return plain(answer.value);
}

const EMPTY = { branches: [], tags: [], annotated: [] };
/** In protocol v2 a HEAD that is not named is at no commit. */
const NOTHING = { head: null, headCommit: null, ...EMPTY };

describe('a whole answer', () => {
  test('one question, with the version header and exact prefixes', async () => {
    const { asked } = await read(() => ({ body: lsRefs() }));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      kind: 'refs',
      method: 'POST',
      url: 'https://host/org/ds1.git/git-upload-pack',
      headers: {
        'Git-Protocol': 'version=2',
        'Content-Type': 'application/x-git-upload-pack-request',
      },
    });
    expect(asked[0]?.body).toBe(
      '0014command=ls-refs\n0016agent=mirrorwatch\n0017object-format=sha1\n0001' +
        '0009peel\n000csymrefs\n000bunborn\n0014ref-prefix HEAD\n001bref-prefix refs/heads/\n' +
        '001aref-prefix refs/tags/\n0000',
    );
  });

  test('branches, tags and the branch that HEAD names', async () => {
    const refs = await refsOf(
      lsRefs(
        `${A} HEAD symref-target:refs/heads/main\n`,
        `${B} refs/heads/git-annex\n`,
        `${A} refs/heads/main`,
        `${A} refs/tags/1.0.1\n`,
        `${B} refs/tags/1.0.10\n`,
      ),
    );
    expect(refs).toEqual({
      head: 'main',
      branches: [
        ['git-annex', B],
        ['main', A],
      ],
      tags: [
        ['1.0.1', A],
        ['1.0.10', B],
      ],
      annotated: [],
    });
  });

  test('an annotated tag means the commit it peels to, and its own id stands beside (ds000109)', async () => {
    const refs = await refsOf(lsRefs(`${A} refs/tags/2.0.0 peeled:${C}\n`));
    expect(refs).toEqual({ ...NOTHING, tags: [['2.0.0', C]], annotated: [['2.0.0', A]] });
  });

  test('a repository without refs is seen, and empty', async () => {
    expect(await refsOf(lsRefs())).toEqual(NOTHING);
  });

  test('a branch that is not born yet is a name without a commit', async () => {
    const refs = await refsOf(lsRefs('unborn HEAD symref-target:refs/heads/main\n'));
    expect(refs).toEqual({ head: 'main', ...EMPTY });
  });

  test.each([
    ['a detached HEAD', `${A} HEAD\n`],
    ['a HEAD outside the branches', `${A} HEAD symref-target:refs/remotes/x\n`],
    ['a HEAD at an annotated tag', `${B} HEAD symref-target:refs/tags/1.0.0 peeled:${A}\n`],
  ])('%s is at a commit and names no branch', async (_, line) => {
    expect(await refsOf(lsRefs(line))).toEqual({ head: null, headCommit: A, ...EMPTY });
  });

  test.each([
    ['a name that only begins like HEAD', `${A} HEADLINE symref-target:refs/heads/x\n`],
    ['a name that only begins like a branch folder', `${A} refs/headstrong/x\n`],
    ['pull requests, sent although not asked for', `${A} refs/pull/1/head\n`],
  ])('%s names nothing', async (_, line) => {
    expect(await refsOf(lsRefs(line))).toEqual(NOTHING);
  });

  test('hostile names stay what they are', async () => {
    const names = ['__proto__', 'constructor', '<script>', '=1+1', 'ü/ñ', '../../x', '1.0.0^{}'];
    const refs = await refsOf(lsRefs(...names.map((name) => `${A} refs/tags/${name}\n`)));
    expect(refs.tags).toEqual(names.map((name) => [name, A]));
  });
});

test('an answer is recognized by its type, whatever follows it', async () => {
  const body = lsRefs(`${A} refs/heads/main\n`);
  const { answer } = await read(() => ({ type: `${RESULT} ; charset=utf-8`, body }));
  expect(answer.kind).toBe('seen');
});

describe('an answer that proves nothing', () => {
  const whole = lsRefs(`${A} HEAD symref-target:refs/heads/main\n`, `${A} refs/heads/main\n`);

  test('cut at any byte, it is cut short and never fewer refs', async () => {
    for (let length = 0; length < whole.length; length++) {
      const { answer } = await read(() => ({ body: whole.subarray(0, length) }));
      expect(answer, `cut at ${length}`).toMatchObject({ kind: 'failed', reason: 'cut-short' });
    }
  });

  test.each<[string, Buffer]>([
    ['bytes after the flush packet', Buffer.concat([whole, Buffer.from('x')])],
    ['two answers in one', Buffer.concat([whole, whole])],
    ["the server's own error", lsRefs('ERR access denied\n')],
    ['an error after some refs', lsRefs(`${A} refs/heads/main\n`, 'ERR gone\n')],
    ['no packet lengths', Buffer.from('<!DOCTYPE html><html></html>')],
    ['a packet length of 3', Buffer.from('00030000')],
    ['a packet longer than packets are', Buffer.from(`fff1${'x'.repeat(70_000)}`)],
    ['an empty line', lsRefs('')],
    ['a ref without a name', lsRefs(A)],
    ['an invalid object id', lsRefs(`${A}a refs/heads/main\n`)],
    ['an unborn branch other than HEAD', lsRefs('unborn refs/heads/main\n')],
    ['an invalid peeled id', lsRefs(`${A} refs/tags/1.0.0 peeled:0\n`)],
    ['a tag twice', lsRefs(`${A} refs/tags/1.0.0\n`, `${B} refs/tags/1.0.0\n`)],
    ['a delimiter', Buffer.concat([pkt(`${A} refs/heads/main\n`), DELIM, FLUSH])],
  ])('%s is malformed', async (_, body) => {
    const { answer } = await read(() => ({ body }));
    expect(answer).toMatchObject({ kind: 'failed', reason: 'malformed' });
  });
});

describe('what a status says', () => {
  const MALFORMED = { kind: 'failed', reason: 'malformed' };
  test.each([
    [404, { kind: 'absent' }],
    [401, { kind: 'absent' }],
    [403, { kind: 'denied', status: 403 }],
    [451, { kind: 'disabled' }],
    [400, MALFORMED],
    [204, MALFORMED],
  ])('HTTP %i', async (status, expected) => {
    const { answer } = await read(() => ({ status, type: 'text/plain', body: 'Not Found' }));
    expect(answer).toMatchObject(expected);
    const page = await read(() => ({ status, type: 'text/html', body: 'Not Found' }));
    expect(page.answer, 'as a web page').toMatchObject(MALFORMED);
  });

  test('what the client could not get is passed on', async () => {
    const http = { ...canned(() => ({})), request: async () => TIMEOUT };
    const source = createMirrorSource({ http, baseUrl: 'https://host' });
    expect(await source.readRefs('ds1')).toBe(TIMEOUT);
    expect(await source.readTree('ds1', A)).toBe(TIMEOUT);
  });
  const TIMEOUT = { kind: 'failed', reason: 'timeout', detail: '' } as const;

  test.each(['', '.', '..', '../x', 'a/b', 'a?b', 'a b'])(
    'the id "%s" is never asked for',
    async (id) => {
      const http = canned(() => ({ body: lsRefs() }));
      const source = createMirrorSource({ http, baseUrl: 'https://host' });
      await expect(source.readRefs(id)).rejects.toThrow(TypeError);
      await expect(source.readTree(id, A)).rejects.toThrow(TypeError);
      await expect(source.readTree('ds1', 'main')).rejects.toThrow(TypeError);
      expect(http.asked).toEqual([]);
    },
  );
});

describe('a server that needs discovery first', () => {
  const SERVICE = Buffer.concat([pkt('# service=git-upload-pack\n'), FLUSH]);
  const HTML: Canned = { type: 'text/html', body: '<p>hello' };
  const V2 = [pkt('version 2\n'), pkt('ls-refs=unborn\n'), pkt('fetch=shallow filter\n'), FLUSH];

  /** Answers the first POST with a page, discovery with `body`, and later POSTs with refs. */
  async function discover(body: Buffer, type = ADVERTISEMENT, later: Canned = HTML) {
    let posts = 0;
    return read(({ method }) => {
      if (method === 'GET') return { type, body };
      return posts++ === 0 ? HTML : later;
    });
  }

  test.each([
    ['with the service line', Buffer.concat([SERVICE, ...V2])],
    ['without it', Buffer.concat(V2)],
  ])('v2 is announced %s: the refs are requested again', async (_, body) => {
    const later = { body: lsRefs(`${A} refs/heads/main\n`) };
    const { answer, asked } = await discover(body, ADVERTISEMENT, later);
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST https://host/org/ds1.git/git-upload-pack',
      'GET https://host/org/ds1.git/info/refs?service=git-upload-pack',
      'POST https://host/org/ds1.git/git-upload-pack',
    ]);
    expect(answer).toMatchObject({ kind: 'seen', value: { branches: new Map([['main', A]]) } });
  });

  test.each([
    ['ls-refs=unborn', true],
    ['ls-refs=peel unborn', true],
    ['ls-refs', false],
    ['fetch=unborn', false],
  ])('v2 that announces %s knows the word "unborn": %s', async (feature, knows) => {
    const later = { body: lsRefs(`${A} refs/heads/main\n`) };
    const body = Buffer.concat([pkt('version 2\n'), pkt(`${feature}\n`), FLUSH]);
    const { asked } = await discover(body, ADVERTISEMENT, later);
    expect(String(asked[2]?.body).includes('unborn')).toBe(knows);
    expect(asked[1]).toMatchObject({
      kind: 'refs',
      headers: { 'Git-Protocol': 'version=2', Accept: ADVERTISEMENT },
    });
  });

  test.each<[string, Buffer[]]>([
    ['a delimiter', [pkt('version 2\n'), DELIM, pkt('ls-refs\n'), FLUSH]],
    ['a line without a name', [pkt(`${A}a\n`), FLUSH]],
  ])('an advertisement with %s is rejected', async (_, packets) => {
    const later = { body: lsRefs(`${A} refs/heads/main\n`) };
    const { answer } = await discover(Buffer.concat(packets), ADVERTISEMENT, later);
    expect(answer).toMatchObject({ kind: 'failed', reason: 'malformed' });
  });

  test('v0 lists its capabilities on the first line only', async () => {
    const line = `${A} refs/heads/x\0symref=HEAD:refs/heads/x\n`;
    const body = Buffer.concat([pkt(`${A} refs/heads/main\0multi_ack\n`), pkt(line), FLUSH]);
    const { answer } = await discover(body);
    expect(answer.kind === 'seen' && plain(answer.value).head).toBeNull();
  });

  const caps = 'multi_ack symref=HEAD:refs/heads/main agent=git/2.0';
  const v0 = [
    pkt(`${A} HEAD\0${caps}\n`),
    pkt(`${A} refs/heads/main\n`),
    pkt(`${B} refs/tags/2.0.0\n`),
    pkt(`${A} refs/tags/2.0.0^{}\n`),
    pkt(`shallow ${C}\n`),
    FLUSH,
  ];

  test.each([
    ['v0', Buffer.concat([SERVICE, ...v0])],
    ['v1', Buffer.concat([SERVICE, pkt('version 1\n'), ...v0])],
  ])('%s lists the refs itself', async (_, body) => {
    const { answer } = await discover(body);
    if (answer.kind !== 'seen') throw new Error(JSON.stringify(answer));
    expect(plain(answer.value)).toEqual({
      head: 'main',
      branches: [['main', A]],
      tags: [['2.0.0', A]],
      annotated: [['2.0.0', B]],
    });
  });

  test.each([
    ['names no branch', [pkt(`${A} HEAD\0multi_ack\n`)], { head: null, headCommit: A }],
    [
      'names an annotated tag',
      [pkt(`${B} HEAD\0multi_ack\n`), pkt(`${A} HEAD^{}\n`)],
      { head: null, headCommit: A },
    ],
    ['is not among the refs', [], { head: null }],
  ])('v0 whose HEAD %s', async (_, first, head) => {
    const rest = [pkt(`${A} refs/heads/main${first.length === 0 ? '\0multi_ack' : ''}\n`), FLUSH];
    const { answer } = await discover(Buffer.concat([SERVICE, ...first, ...rest]));
    const branches = [['main', A]];
    expect(answer.kind === 'seen' && plain(answer.value)).toEqual({ ...EMPTY, ...head, branches });
  });

  test('one that refuses the word "unborn" is asked without it, and from then on at once', async () => {
    const strict = ({ method, body }: HttpRequest): Canned => {
      if (method === 'GET') {
        const v2 = [pkt('version 2\n'), pkt('ls-refs\n'), FLUSH];
        return { type: ADVERTISEMENT, body: Buffer.concat(v2) };
      }
      if (String(body).includes('unborn')) return { body: pkt("ERR unexpected line: 'unborn'\n") };
      return { body: lsRefs(`${A} refs/heads/main\n`) };
    };
    const http = canned(strict);
    const source = createMirrorSource({ http, baseUrl: 'https://host/org' });
    expect(await source.readRefs('ds1')).toMatchObject({ kind: 'seen' });
    expect(http.asked.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
    const [first, , third] = http.asked.map(({ body }) => String(body));
    expect(third).toBe(first?.replace('000bunborn\n', ''));
    expect(await source.readRefs('ds2')).toMatchObject({ kind: 'seen' });
    expect(http.asked).toHaveLength(4);
  });

  test('v0 of a repository without refs', async () => {
    const body = Buffer.concat([
      SERVICE,
      pkt(`${'0'.repeat(40)} capabilities^{}\0${caps}\n`),
      FLUSH,
    ]);
    const { answer } = await discover(body);
    expect(answer.kind === 'seen' && plain(answer.value)).toEqual({ head: 'main', ...EMPTY });
  });

  test.each<[string, Buffer, string, string]>([
    ['a page', Buffer.from('<p>hello'), 'text/html', 'malformed'],
    [
      'the old protocol of plain files',
      Buffer.from(`${A}\trefs/heads/main\n`),
      'text/plain',
      'malformed',
    ],
    [
      'v0 cut before its flush packet',
      Buffer.concat([SERVICE, ...v0.slice(0, -1)]),
      ADVERTISEMENT,
      'cut-short',
    ],
    [
      'a service line without flush',
      Buffer.concat([SERVICE.subarray(0, -4), ...v0]),
      ADVERTISEMENT,
      'malformed',
    ],
    ['nothing', Buffer.alloc(0), ADVERTISEMENT, 'cut-short'],
    ['v2, and then again no git answer', Buffer.concat(V2), ADVERTISEMENT, 'malformed'],
  ])('%s is a failed measurement', async (_, body, type, reason) => {
    const { answer } = await discover(body, type);
    expect(answer).toMatchObject({ kind: 'failed', reason });
  });
});
