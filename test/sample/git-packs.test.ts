// Packs of the sample archive: real deltas, in every form that a reader must accept, judged by git.

import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeDelta } from '../../sample/git/delta.ts';
import { buildRepository, type PackStyle, type TreeSpec } from '../../sample/git/index.ts';
import {
  countBy,
  datasetTree,
  fetchPack,
  type GitServer,
  git,
  hasGit,
  needsGit,
  type Scratch,
  scratchFolder,
  serveGit,
  storedTypes,
} from './git-support.ts';

/** gitformat-pack(5), "Deltified representation", implemented as plainly as possible. */
function applyDelta(base: Buffer, delta: Buffer): Buffer {
  let at = 0;
  const byte = (): number => delta[at++] as number;
  const size = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const next = byte();
      value += (next % 128) * scale;
      if (next < 128) return value;
    }
  };
  const field = (flags: number, bytes: number): number => {
    let value = 0;
    for (let i = 0; i < bytes; i++) if (flags & (1 << i)) value += byte() * 256 ** i;
    return value;
  };
  expect(size()).toBe(base.length);
  const length = size();
  const parts: Buffer[] = [];
  while (at < delta.length) {
    const flags = byte();
    if (flags & 0x80) {
      const offset = field(flags, 4);
      const count = field(flags >> 4, 3) || 0x10000;
      expect(offset + count).toBeLessThanOrEqual(base.length);
      parts.push(base.subarray(offset, offset + count));
    } else {
      expect(flags).toBeGreaterThan(0);
      parts.push(delta.subarray(at, at + flags));
      at += flags;
    }
  }
  const target = Buffer.concat(parts);
  expect(target.length).toBe(length);
  return target;
}

describe('a delta', () => {
  test('gives its target back, whatever the two are', () => {
    const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
    // Few letters and much in common: matches everywhere, many of them in the wrong place.
    const alike = fc
      .array(fc.constantFrom('a', 'ab', 'abcdefghijklmnopqrstuvwxyz', '\0'.repeat(40)))
      .map((pieces) => Buffer.from(pieces.join('')));
    const any = fc.oneof(bytes, alike);
    fc.assert(
      fc.property(any, any, (base, target) => {
        expect(applyDelta(base, encodeDelta(base, target)).equals(target)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['an unchanged file', (base: Buffer) => base, 40],
    ['a byte put in front', (base: Buffer) => Buffer.concat([Buffer.of(7), base]), 42],
    [
      'the halves changed about',
      (base: Buffer) => Buffer.concat([base.subarray(90_000), base.subarray(0, 90_000)]),
      60,
    ],
    [
      'a hole in the middle',
      (base: Buffer) => Buffer.concat([base.subarray(0, 65_536), base.subarray(70_001)]),
      60,
    ],
  ])('of %s is a few copies', (_, change, most) => {
    let state = 1;
    const next = (): number => {
      state = (Math.imul(state, 1103515245) + 12345) | 0;
      return (state >>> 16) & 0xff;
    };
    const base = Buffer.from(Array.from({ length: 180_000 }, next));
    const target = change(base);
    const delta = encodeDelta(base, target);
    expect(delta.length).toBeLessThan(most);
    expect(applyDelta(base, delta).equals(target)).toBe(true);
  });
});

describe.skipIf(!hasGit)(`packs as git reads them${needsGit}`, () => {
  const styles = {
    usual: { deltas: 'usual', ignoreFilter: false },
    whole: { deltas: 'none', ignoreFilter: false },
    later: { deltas: 'base-later', ignoreFilter: false },
    unfiltered: { deltas: 'usual', ignoreFilter: true },
  } satisfies Record<string, PackStyle>;
  let server: GitServer;
  let scratch: Scratch;
  let want: string;

  beforeAll(async () => {
    scratch = scratchFolder();
    const repository = await buildRepository({
      commits: [1, 2, 3].map((version) => ({
        name: `${version}`,
        tree: datasetTree(version),
        parents: version === 1 ? [] : [`${version - 1}`],
        message: `Version ${version}`,
        date: new Date(version * 1e9),
      })),
      branches: { main: '3' },
      tags: {},
      head: 'main',
    });
    want = `want ${repository.commits.get('3')}`;
    server = await serveGit(new Map(Object.keys(styles).map((id) => [id, repository])), {
      packStyle: (id) => styles[id as keyof typeof styles],
    });
    await git('init', '-q', '--bare', scratch.path('empty'));
  });
  afterAll(() => {
    server.close();
    scratch.remove();
  });

  /** Checks hash and links of every object; returns the number of deltas and of objects. */
  async function indexed(
    name: string,
    pack: Buffer,
    // --strict looks for every object that another names: a filtered or shallow pack lacks some.
    options: string[] = ['--strict'],
  ): Promise<{ deltas: number; objects: number }> {
    const file = scratch.path(`${name}.pack`);
    writeFileSync(file, pack);
    await git('-C', scratch.path('empty'), 'index-pack', ...options, file);
    const lines = (await git('verify-pack', '-v', file)).split('\n');
    const objects = lines.filter((line) => /^[0-9a-f]{40} /.test(line));
    return {
      objects: objects.length,
      deltas: objects.filter((l) => l.split(/ +/).length > 5).length,
    };
  }

  test.each([
    ['usual', ['ofs-delta'], 'ofs-delta'],
    ['usual', [], 'ref-delta'],
    ['later', ['ofs-delta'], 'ref-delta'],
  ])('a %s pack for a client that offers %j holds deltas by %s', async (id, offers, kind) => {
    const pack = await fetchPack(server.url(id), [want, ...offers]);
    const types = storedTypes(pack);
    const counts = countBy(types);
    const deltas = types.filter((type) => type.endsWith('delta')).length;
    expect(counts[kind]).toBeGreaterThan(10);
    expect(counts[kind]).toBe(deltas);
    expect(await indexed(`${id}${offers}`, pack)).toEqual({ deltas, objects: types.length });
  });

  test('the bases of a base-later pack stand behind their deltas', async () => {
    const types = storedTypes(await fetchPack(server.url('later'), [want]));
    expect(types.at(-1)).toBe('commit');
    expect(types.indexOf('ref-delta')).toBeLessThan(types.indexOf('tree'));
  });

  test('a whole pack holds the same objects without a delta', async () => {
    const plain = await indexed('whole', await fetchPack(server.url('whole'), [want]));
    const usual = await indexed('again', await fetchPack(server.url('usual'), [want]));
    expect(plain.deltas).toBe(0);
    expect(plain.objects).toBe(usual.objects);
  });

  test('deltas make the pack smaller', async () => {
    const [whole, usual] = [
      await fetchPack(server.url('whole'), [want, 'filter blob:none']),
      await fetchPack(server.url('usual'), [want, 'filter blob:none', 'ofs-delta']),
    ];
    expect(usual.length).toBeLessThan(whole.length * 0.7);
  });

  test('the same request gives the same bytes', async () => {
    const args = [want, 'filter blob:none', 'deepen 1', 'ofs-delta'];
    const first = await fetchPack(server.url('usual'), args);
    expect((await fetchPack(server.url('usual'), args)).equals(first)).toBe(true);
  });

  test('a server that ignores the filter sends the blobs as well', async () => {
    const args = [want, 'filter blob:none', 'deepen 1'];
    const filtered = await indexed('f', await fetchPack(server.url('usual'), args), []);
    const ignored = await indexed('i', await fetchPack(server.url('unfiltered'), args), []);
    expect(filtered.objects).toBe(1 + 1 + 12 * 2);
    expect(ignored.objects).toBeGreaterThan(filtered.objects + 20);
  });

  test('a pack of one folder with 30,000 names comes over in many packets', async () => {
    const tree: TreeSpec = new Map();
    for (let i = 0; i < 30_000; i++) tree.set(`${i}`, { mode: 0o100644, content: `${i}` });
    const repository = await buildRepository({
      commits: [{ name: 'a', tree, parents: [], message: 'a', date: new Date(0) }],
      branches: { main: 'a' },
      tags: {},
      head: 'main',
    });
    const wide = await serveGit(new Map([['wide', repository]]));
    try {
      const args = [`want ${repository.commits.get('a')}`, 'filter blob:none'];
      const pack = await fetchPack(wide.url('wide'), args);
      expect(pack.length).toBeGreaterThan(500_000);
      expect(storedTypes(pack)).toEqual(['commit', 'tree']);
    } finally {
      wide.close();
    }
  });
});
