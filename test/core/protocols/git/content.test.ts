// The reader of trees with small contents, against packs written by hand and against git if it is
// installed. git-annex.test.ts does the same against git-annex.

import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpClient } from '../../../../core/http.ts';
import { createMirrorSource } from '../../../../core/protocols/git/mirror.ts';
import type { ContentTree, MirrorSource } from '../../../../core/protocols/sources.ts';
import { type Git, gitIn, hasGit, serveGit } from './git-server.ts';
import {
  canned,
  commit,
  delta,
  deltaBetween,
  type Entry,
  FILE_OID,
  FLUSH,
  fetchAnswer,
  object,
  pack,
  pkt,
  type RawObject,
  tree,
} from './wire.ts';

const KEY = 'MD5E-s1966080--d614929593bf2a7cccea90bea67255f4.nii.gz';
const OTHER_KEY = 'MD5E-s1966081--d614929593bf2a7cccea90bea67255f5.nii.gz';
const LINK = Buffer.from(`../.git/annex/objects/Kx/9q/${KEY}/${KEY}`);
const OTHER_LINK = Buffer.from(`../.git/annex/objects/Kx/9q/${OTHER_KEY}/${OTHER_KEY}`);
const md5 = (bytes: Buffer | string) => createHash('md5').update(bytes).digest('hex');

async function contentOf(root: { oid: string }, entries: readonly Entry[]): Promise<ContentTree> {
  const head = commit(root.oid);
  const body = fetchAnswer(pack([head, ...entries]), head.oid);
  const source = createMirrorSource({ http: canned(() => ({ body })), baseUrl: 'http://x' });
  const answer = await source.readContent('ds1', head.oid);
  if (answer.kind !== 'seen') throw new Error(JSON.stringify(answer));
  return answer.value;
}

const told = (content: ContentTree) =>
  Array.from(content.entries, ({ path, content: it }) =>
    it.kind === 'annexed' ? `${path}: ${it.key.name}` : `${path}: ${it.kind}`,
  );

describe('from packs written by hand', () => {
  const link = object('blob', LINK);
  const other = object('blob', OTHER_LINK);
  const pointer = object('blob', Buffer.from(`/annex/objects/${KEY}\n`));
  const plain = object('blob', Buffer.from('{"Name": "x"}'));
  const large = object('blob', Buffer.alloc((64 << 10) + 1, 'x'));
  const target = object('blob', Buffer.from('plain.json'));
  const root = tree(
    ['100644', 'absent.tsv', FILE_OID],
    ['120000', 'annexed.nii.gz', link.oid],
    ['100644', 'large.tsv', large.oid],
    ['160000', 'module', FILE_OID],
    ['120000', 'other.nii.gz', other.oid],
    ['100644', 'plain.json', plain.oid],
    ['100644', 'pointer.nii.gz', pointer.oid],
    ['120000', 'symlink', target.oid],
  );
  const EXPECTED = [
    'absent.tsv: unknown',
    `annexed.nii.gz: ${KEY}`,
    'large.tsv: unknown',
    'module: gitlink',
    `other.nii.gz: ${OTHER_KEY}`,
    'plain.json: plain',
    `pointer.nii.gz: ${KEY}`,
    'symlink: symlink',
  ];

  test('links, pointer files, small and large files, submodules', async () => {
    const content = await contentOf(root, [root, link, other, pointer, plain, large, target]);
    expect(told(content)).toEqual(EXPECTED);
    const { content: it } = [...content.entries][5] ?? {};
    expect(it).toEqual({ kind: 'plain', size: 13, md5: md5(plain.data) });
  });

  test('a key of the backend GIT names what is in git itself: the text is exported as it stands', async () => {
    const text = object('blob', Buffer.from(`/annex/objects/GIT--${FILE_OID}\n`));
    const root = tree(['120000', 'link', text.oid], ['100644', 'pointer', text.oid]);
    const content = await contentOf(root, [root, text]);
    expect(told(content)).toEqual(['link: plain', 'pointer: plain']);
  });

  test('a link that comes as a delta on another one', async () => {
    const step = { type: 'ref', base: link.oid, data: deltaBetween(LINK, OTHER_LINK) } as const;
    const content = await contentOf(root, [root, step, link, pointer, plain, large, target]);
    expect(told(content)).toEqual(EXPECTED);
  });

  test('a link on a base that was too large to keep is not known, and nothing else is lost', async () => {
    const step = { type: 'ref', base: large.oid, data: deltaBetween(large.data, LINK) } as const;
    const content = await contentOf(root, [root, large, step, other, pointer, plain, target]);
    expect(told(content)).toEqual(EXPECTED.with(1, 'annexed.nii.gz: unknown'));
  });
});

describe('a file in git itself', () => {
  const text = (seed: string, bytes: number) =>
    Buffer.from(`${seed} `.repeat(Math.ceil(bytes / (seed.length + 1))).slice(0, bytes));
  const [first, second, third] = [text('a', 30_000), text('a', 29_000), text('a', 50_000)];
  const base = object('blob', first);
  const oids = [first, second, third].map((data) => object('blob', data).oid);
  const root = tree(
    ['120000', 'annexed.nii.gz', object('blob', LINK).oid],
    ...oids.map((oid, place): [string, string, string] => ['100644', `table-${place}.tsv`, oid]),
  );
  const KNOWN = [
    { kind: 'annexed' },
    ...[first, second, third].map((data) => ({ kind: 'plain', size: data.length, md5: md5(data) })),
  ];
  const onto = (from: Buffer, to: Buffer) => deltaBetween(from, to);
  // Positions in the pack: the commit is 0 and the tree 1.
  const orders: readonly (readonly [string, readonly Entry[]])[] = [
    ['whole', [base, object('blob', second), object('blob', third), object('blob', LINK)]],
    [
      'as a chain of deltas, a link at its end',
      [
        base,
        { type: 'ofs', base: 2, data: onto(first, second) },
        { type: 'ofs', base: 3, data: onto(second, third) },
        { type: 'ofs', base: 4, data: onto(third, LINK) },
      ],
    ],
    [
      'as deltas that come before what they are made from',
      [
        { type: 'ref', base: oids[2] as string, data: onto(third, LINK) },
        { type: 'ref', base: oids[1] as string, data: onto(second, third) },
        { type: 'ref', base: oids[0] as string, data: onto(first, second) },
        base,
      ],
    ],
    [
      'as deltas on a link',
      [
        object('blob', LINK),
        { type: 'ofs', base: 2, data: onto(LINK, first) },
        { type: 'ofs', base: 3, data: onto(first, second) },
        { type: 'ref', base: oids[0] as string, data: onto(first, third) },
      ],
    ],
  ];
  test.each(orders)('is known by size and MD5, stored %s', async (_, entries) => {
    const { entries: found } = await contentOf(root, [root, ...entries]);
    expect(Array.from(found, ({ content }) => content)).toMatchObject(KNOWN);
  });

  test('is known also where too many others came between it and its delta', async () => {
    const COUNT = 160;
    const others = Array.from({ length: COUNT }, (_, n) => text(`${n}`, 60_000));
    // Each file, then each without its last byte, then each of these without its last.
    const shorter = (bytes: number) => others.map((data) => data.subarray(0, data.length - bytes));
    const steps = [0, 1].flatMap((bytes) =>
      shorter(bytes).map(
        (data, n): Entry => ({
          type: 'ofs',
          base: 2 + bytes * COUNT + n,
          data: delta(data.length, data.length - 1, { from: 0, length: data.length - 1 }),
        }),
      ),
    );
    const last = shorter(2);
    const whole = tree(
      ...last.map((data, n): [string, string, string] => [
        '100644',
        `f${String(n).padStart(4, '0')}`,
        object('blob', data).oid,
      ]),
    );
    const blobs = others.map((data) => object('blob', data));
    const { entries: found } = await contentOf(whole, [whole, ...blobs, ...steps]);
    expect(Array.from(found, ({ content }) => content)).toEqual(
      last.map((data) => ({ kind: 'plain', size: data.length, md5: md5(data) })),
    );
  });

  test('a symlink that leads elsewhere is no key, however long it is', async () => {
    const target = object('blob', text('../elsewhere', 3000));
    const links = tree(['120000', 'symlink', target.oid], ['100644', 'table.tsv', target.oid]);
    expect(told(await contentOf(links, [links, target]))).toEqual([
      'symlink: symlink',
      'table.tsv: plain',
    ]);
  });

  test('too many of them cost contents of large files, not of links', async () => {
    const link = object('blob', LINK);
    const noise = object('blob', randomBytes(40_000));
    const both = tree(['120000', 'annexed', link.oid], ['100644', 'table.tsv', noise.oid]);
    const head = commit(both.oid);
    const asked: string[] = [];
    const http = canned(({ body, maxBytes }) => {
      const [, limit = ''] = /filter (\S+)/.exec(String(body)) ?? [];
      asked.push(limit);
      const blobs = limit === 'blob:limit=1024' ? [link] : [link, noise];
      const answer = fetchAnswer(pack([head, both, ...blobs]), head.oid);
      return answer.length > maxBytes ? { body: 'more than may come' } : { body: answer };
    });
    const source = createMirrorSource({ http, baseUrl: 'http://x', maxTreeBytes: 20_000 });
    const answer = await source.readContent('ds1', head.oid);
    if (answer.kind !== 'seen') throw new Error(JSON.stringify(answer));
    expect(told(answer.value)).toEqual([`annexed: ${KEY}`, 'table.tsv: unknown']);
    expect(asked).toEqual(['blob:limit=65536', 'blob:limit=1024']);
  });
});

describe('what is asked once', () => {
  const link = object('blob', LINK);
  const root = tree(['120000', 'annexed', link.oid]);
  const head = commit(root.oid);
  const read = async (body: Buffer, more: { status?: number; plainBytes?: number }) => {
    const { status = 200, plainBytes } = more;
    const http = canned(() => ({ status, body }));
    const source = createMirrorSource({
      http,
      baseUrl: 'http://x',
      ...(plainBytes !== undefined && { plainBytes }),
    });
    const { kind } = await source.readContent('ds1', head.oid);
    return { kind, asked: http.asked.map(({ body }) => /filter (\S+)/.exec(String(body))?.[1]) };
  };

  test('contents of a commit that is absent', async () => {
    const body = Buffer.concat([pkt(`ERR upload-pack: not our ref ${head.oid}\n`), FLUSH]);
    expect(await read(body, {})).toEqual({ kind: 'absent', asked: ['blob:limit=65536'] });
  });

  test('contents that failed for another reason than their size', async () => {
    const body = Buffer.from('a secondary rate limit');
    const answer = await read(body, { status: 403 });
    expect(answer).toEqual({ kind: 'failed', asked: ['blob:limit=65536'] });
  });

  test.each([
    [1025, ['blob:limit=1025', 'blob:limit=1024']],
    [1024, ['blob:limit=1024']],
    [1000, ['blob:limit=1000']],
  ])(
    'contents of less than %i bytes, where links are no fewer than those',
    async (plainBytes, asked) => {
      // The tree is missing.
      const body = fetchAnswer(pack([head]), head.oid);
      expect(await read(body, { plainBytes })).toEqual({ kind: 'failed', asked });
    },
  );

  test('a content that the answer does not hold is malformed, not empty', async () => {
    const http = canned(() => ({ body: fetchAnswer(pack([link]), link.oid) }));
    const source = createMirrorSource({ http, baseUrl: 'http://x' });
    const read = (...blobs: string[]) => source.readObjects('ds1', { blobs, commits: [] });
    expect(await read(link.oid)).toMatchObject({ kind: 'seen' });
    const malformed = { kind: 'failed', reason: 'malformed' };
    expect(await read(link.oid, FILE_OID)).toMatchObject(malformed);
  });
});

describe('the trees that git-annex may record of an export', () => {
  const annexed = object('blob', LINK);
  const table = object('blob', Buffer.from('a,b'));
  const [near, far] = ['plain.json', '../../annex'].map((to) => object('blob', Buffer.from(to)));
  const blobs = [annexed, table, near, far] as RawObject[];
  type Listed = readonly [mode: string, name: string, object: { readonly oid: string }];
  const listedIn = new Map<string, readonly Listed[]>();
  const treeOf = (...entries: Listed[]): RawObject => {
    const it = tree(
      ...entries.map(([mode, name, { oid }]): [string, string, string] => [mode, name, oid]),
    );
    listedIn.set(it.oid, entries);
    return it;
  };
  /** A tree and everything below it, without the empty tree: git knows that without storing it. */
  const whole = (it: RawObject): RawObject[] => {
    const entries = listedIn.get(it.oid) ?? [];
    const folders = entries.filter(([mode]) => mode === '40000');
    const below = folders.flatMap(([, , child]) => whole(child as RawObject));
    return entries.length === 0 ? [] : [it, ...below];
  };

  const file: Listed = ['100644', 'a.csv', table];
  const link: Listed = ['120000', 'annexed.nii.gz', annexed];
  const notCome: Listed = ['120000', 'long', { oid: FILE_OID }];
  const module: Listed = ['160000', 'module', { oid: FILE_OID }];
  const [own, outside] = [
    ['120000', 'own', near],
    ['120000', 'outside', far],
  ] as unknown as [Listed, Listed];
  const folder = (name: string, ...entries: Listed[]): Listed => [
    '40000',
    name,
    treeOf(...entries),
  ];

  test.each<{ name: string; listed: Listed[]; without: Listed[][] }>([
    { name: 'files and annexed links alone: as it is', listed: [file, link], without: [] },
    { name: 'a link that is too long to know: as it is', listed: [file, notCome], without: [] },
    { name: 'nothing: as it is', listed: [], without: [] },
    { name: 'a folder that git holds empty: as it is', listed: [file, folder('d')], without: [] },
    { name: 'a submodule', listed: [file, module], without: [[file]] },
    {
      name: 'a submodule whose place in the order is the first',
      listed: [['160000', '0', { oid: FILE_OID }], file, link],
      without: [[file, link]],
    },
    { name: 'nothing but a submodule', listed: [module], without: [[]] },
    { name: 'links of its own', listed: [file, outside, own], without: [[file]] },
    {
      name: 'both, which older versions of git-annex did not leave out alike',
      listed: [file, module, own],
      without: [[file], [file, own]],
    },
    {
      name: 'both in folders, one of which they alone fill, beside one that was empty before',
      listed: [file, folder('both', link, module, own), folder('empty'), folder('own', own)],
      without: [
        [file, folder('both', link), folder('empty'), folder('own')],
        [file, folder('both', link), folder('empty')],
        [file, folder('both', link, own), folder('empty'), folder('own', own)],
      ],
    },
    {
      name: 'a folder in a folder, both of which they alone fill, at two places',
      listed: [file, folder('b', folder('c', module)), folder('d', folder('c', module))],
      without: [[file, folder('b', folder('c')), folder('d', folder('c'))], [file]],
    },
    {
      name: 'a file whose mode git writes otherwise today, beside a submodule',
      listed: [['100664', 'a.csv', table], module],
      without: [[['100664', 'a.csv', table]]],
    },
  ])('$name', async ({ listed, without }) => {
    const root = treeOf(...listed);
    const { exportTrees } = await contentOf(root, [...whole(root), ...blobs]);
    expect(exportTrees[0]).toBe(root.oid);
    expect([...exportTrees].sort()).toEqual(
      [root, ...without.map((entries) => treeOf(...entries))].map(({ oid }) => oid).sort(),
    );
  });
});

describe.skipIf(!hasGit)('against git itself', () => {
  let folder: string;
  let git: Git;
  let server: Awaited<ReturnType<typeof serveGit>>;
  let source: MirrorSource;
  const http = createHttpClient({ retry: { tries: 1 } });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mirrorwatch-content-'));
    git = gitIn(join(folder, 'ds1.git'));
    git(['init', '--bare', '--quiet', '--initial-branch=main', '.']);
    git(['config', 'uploadpack.allowFilter', 'true']);
    git(['config', 'uploadpack.allowAnySHA1InWant', 'true']);
    server = await serveGit(folder);
    source = createMirrorSource({ http, baseUrl: server.url });
  });
  afterAll(async () => {
    http.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const blob = (text: string | Buffer) => git(['hash-object', '-w', '--stdin'], text);
  const commitOf = (lines: string[]) => {
    const id = git(['mktree'], lines.map((line) => `${line}\n`).join(''));
    const made = git(['commit-tree', '-m', 'm', id]);
    git(['update-ref', `refs/tags/${made}`, made]);
    git(['repack', '-q', '-A', '-d']);
    return { commit: made, tree: id };
  };

  test('100 links as git packs them, and files on both sides of the limit', async () => {
    const keys = Array.from(
      { length: 100 },
      (_, n) => `MD5E-s${n}--${md5(String(n))}.nii.gz` as const,
    );
    const lines = keys.map((key, n) => {
      const target = `../.git/annex/objects/aa/bb/${key}/${key}`;
      return `120000 blob ${blob(target)}\tf${String(n).padStart(4, '0')}`;
    });
    const small = 'y'.repeat((64 << 10) - 1);
    const made = commitOf([
      ...lines,
      `100644 blob ${blob('z'.repeat(64 << 10))}\tlarge`,
      `100644 blob ${blob(small)}\tsmall`,
    ]);
    const answer = await source.readContent('ds1', made.commit);
    if (answer.kind !== 'seen') throw new Error(JSON.stringify(answer));
    expect(answer.value.tree).toBe(made.tree);
    const entries = [...answer.value.entries];
    expect(told(answer.value).slice(0, 100)).toEqual(
      keys.map((key, n) => `f${String(n).padStart(4, '0')}: ${key}`),
    );
    expect(entries.slice(100).map(({ content }) => content)).toEqual([
      { kind: 'unknown' },
      { kind: 'plain', size: (64 << 10) - 1, md5: md5(small) },
    ]);
  });

  test('200 tables that resemble each other, which git packs as deltas', async () => {
    const rows = Array.from({ length: 900 }, (_, n) => `${n}\t${md5(String(n))}\tgo\n`);
    const tables = Array.from({ length: 200 }, (_, n) =>
      rows
        .with(n * 4, `changed in ${n}\n`)
        .slice(0, 700 + n)
        .join(''),
    );
    const files = tables.map((table, n) => {
      const path = `f${String(n).padStart(4, '0')}`;
      return `M 100644 inline ${path}\ndata ${table.length}\n${table}\n`;
    });
    const head = 'commit refs/heads/tables\ncommitter A <a@example.org> 0 +0000\ndata 1\nm\n';
    git(['fast-import', '--quiet'], head + files.join(''));
    git(['repack', '-q', '-a', '-d', '-f']);
    const commit = git(['rev-parse', 'tables']);
    const before = http.traffic.tree.bytes;
    const answer = await source.readContent('ds1', commit);
    if (answer.kind !== 'seen') throw new Error(JSON.stringify(answer));
    expect(Array.from(answer.value.entries, ({ content }) => content)).toEqual(
      tables.map((table) => ({ kind: 'plain', size: table.length, md5: md5(table) })),
    );
    // They were deltas: as many tables stored whole take a hundred times the size of one.
    expect(http.traffic.tree.bytes - before).toBeLessThan(200_000);
  });

  test('single contents and the trees of commits, in one request and without anything else', async () => {
    const large = 'x'.repeat(100_000);
    const [first, second] = [commitOf([`100644 blob ${blob('1')}\ta`]), commitOf([])];
    const before = http.traffic.tree.requests;
    const answer = await source.readObjects('ds1', {
      blobs: [blob('1'), blob(large)],
      commits: [first.commit, second.commit],
    });
    if (answer.kind !== 'seen') throw new Error(JSON.stringify(answer));
    expect(Array.from(answer.value.blobs.values(), String)).toEqual(['1', large]);
    expect([...answer.value.trees]).toEqual([
      [first.commit, first.tree],
      [second.commit, second.tree],
    ]);
    expect(http.traffic.tree.requests - before).toBe(1);
  });

  test('an object that is not there is absent, not empty', async () => {
    const wants = { blobs: ['12'.repeat(20)], commits: [] };
    expect(await source.readObjects('ds1', wants)).toEqual({ kind: 'absent' });
  });
});
