// What git-annex itself makes of a commit, if it is installed: it exports a commit with files of
// every backend, pointer files, links of every form, odd names and a submodule to a folder. Our
// reading of the same commit must give what is in that folder, byte by byte.

import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toBinary } from '../../../../core/compare/byte-order.ts';
import { createHttpClient } from '../../../../core/http.ts';
import { parseAnnexKey } from '../../../../core/protocols/git/annex-key.ts';
import { createMirrorSource } from '../../../../core/protocols/git/mirror.ts';
import type { ContentTree, TreeContent } from '../../../../core/protocols/sources.ts';
import { fileNameOf, hasAnnex, needsAnnex } from '../../../support/annex-clones.ts';
import { NO_KEYS, OTHER_BLOBS, POINTER_BLOBS } from './annex-forms.ts';
import { hasGit, serveGit } from './git-server.ts';

const NAMES = [
  'a b+c',
  'a%20b',
  '#x&y',
  '"q\'',
  'tab\there',
  'line\nbreak',
  'é',
  '\u{1F9E0}',
  '-d',
  '.x',
];
/** Keys that git-annex reads, of content that nobody has: in git they are pointer files. */
const KEYS_OF_NOBODY = [
  'MD5E-s007--a.b',
  'SHA256E-s100-S10-C1--a',
  'MD5E-s1--',
  'URL--a&b&',
  'URL--http&c%%x%y',
  'VURL-s3--a:b',
  'my.backend-s5-m0012--x',
  'WORM-s5-m1395000000--a--b-s7.txt',
  'SHA1-s5---x-s5--x',
];

describe.skipIf(!hasAnnex || !hasGit)(`an export by git-annex${needsAnnex}`, () => {
  let folder: string;
  let content: ContentTree;
  const contents = new Map<string, TreeContent>();
  const http = createHttpClient({ retry: { tries: 1 } });

  const git = (args: readonly string[], input = '', mayFail = false): string => {
    try {
      return execFileSync('git', args, {
        cwd: join(folder, 'ds1'),
        input,
        stdio: ['pipe', 'pipe', 'ignore'],
        maxBuffer: 1 << 26,
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          LC_ALL: 'C.UTF-8',
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_AUTHOR_NAME: 'A',
          GIT_AUTHOR_EMAIL: 'a@example.org',
          GIT_COMMITTER_NAME: 'A',
          GIT_COMMITTER_EMAIL: 'a@example.org',
        },
      })
        .toString()
        .trim();
    } catch (cause) {
      if (mayFail) return '';
      throw cause;
    }
  };
  const annex = (...args: string[]) => git(['annex', ...args]);
  /** Key and bytes of each annexed file whose content is present, as git-annex reports it. */
  const found = (...which: string[]) =>
    annex('find', '--branch', 'main', '--json', ...which)
      .split('\n')
      .map((line) => JSON.parse(line) as { file: string; key: string; bytesize: string });
  const exported = (path: string): Buffer | null => {
    const file = join(folder, 'export', path);
    return existsSync(file) ? readFileSync(file) : null;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mirrorwatch-annex-'));
    const dataset = join(folder, 'ds1');
    for (const each of ['ds1/backends', 'ds1/odd', 'ds1/unlocked', 'export']) {
      mkdirSync(join(folder, each), { recursive: true });
    }
    git(['init', '-q', '-b', 'main']);
    annex('init', 'me');
    const backends = /^key\/value backends: (.*)$/m
      .exec(annex('version'))?.[1]
      ?.split(' ')
      .filter((name) => name !== 'URL' && name !== 'X*') as string[];
    const attributes = backends.map((name) => `backends/${name}.x annex.backend=${name}`);
    writeFileSync(
      join(dataset, '.gitattributes'),
      `* annex.backend=MD5E\n${attributes.join('\n')}\n`,
    );
    for (const name of backends)
      writeFileSync(join(dataset, 'backends', `${name}.x`), `by ${name}`);
    for (const name of NAMES) writeFileSync(join(dataset, 'odd', name), `odd ${name}`);
    writeFileSync(join(dataset, 'unlocked', 'file.tsv'), 'a table');
    writeFileSync(join(dataset, 'unlocked', 'program'), 'a program', { mode: 0o755 });
    git(['-c', 'annex.largefiles=exclude=.gitattributes', 'annex', 'add', '.']);
    annex('unlock', 'unlocked');
    const key = annex('lookupkey', 'backends/MD5E.x');

    const [others, pointers] = [OTHER_BLOBS(key), POINTER_BLOBS(key)];
    const entries: [mode: string, path: string, blob: string][] = [
      ...pointers.flatMap((blob, n) => bothWays(`named/${n}`, blob)),
      ...others.flatMap((blob, n) => bothWays(`other/${n}`, blob)),
      ...[...KEYS_OF_NOBODY, ...NO_KEYS].map(
        (name, n) =>
          [`100644`, `keys/${n}`, `/annex/objects/${name}\n`] as [string, string, string],
      ),
      ['100644', 'plain/small', '{}'],
      ['100644', 'plain/empty', ''],
      ['100644', 'plain/large', 'x'.repeat(100_000)],
      ['100644', 'plain/pointer-and-more', `/annex/objects/${key}\n${'/annex/\n'.repeat(4200)}`],
      [
        '100644',
        'plain/pointer-of-many-lines',
        `/annex/objects/${key}\n${'/annex/\n'.repeat(4000)}`,
      ],
      ['120000', 'only/link', '../plain/small'],
    ];
    const files = entries.map(([, , blob], n) => {
      writeFileSync(join(folder, `blob-${n}`), blob);
      return `../blob-${n}\n`;
    });
    const oids = git(['hash-object', '-w', '--stdin-paths'], files.join('')).split('\n');
    const lines = entries.map(([mode, path], n) => `${mode} ${oids[n]}\t${path}\n`);
    lines.push(`160000 ${'12'.repeat(20)}\tonly/module\n`);
    git(['update-index', '--add', '--index-info'], lines.join(''));
    git(['commit', '-q', '-m', 'all forms']);
    const settings = ['type=directory', 'directory=../export', 'encryption=none', 'exporttree=yes'];
    annex('initremote', 's3-PUBLIC', ...settings);
    // It ends with an error, because of keys whose content nobody has.
    git(['annex', 'export', 'main', '--to', 's3-PUBLIC'], '', true);
    git(['clone', '-q', '--bare', '.', '../ds2.git']);
    git(['-C', '../ds2.git', 'config', 'uploadpack.allowFilter', 'true']);

    const server = await serveGit(folder);
    try {
      const source = createMirrorSource({ http, baseUrl: server.url });
      const answer = await source.readContent('ds2', git(['rev-parse', 'main']));
      if (answer.kind !== 'seen') throw new Error(JSON.stringify(answer));
      content = answer.value;
      for (const { path, content: it } of content.entries) contents.set(path, it);
    } finally {
      await server.close();
    }
  }, 120_000);
  afterAll(() => {
    http.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const bothWays = (path: string, blob: string): [string, string, string][] => [
    ['100644', `${path}-file`, blob],
    ['120000', `${path}-link`, blob],
  ];

  test('names the same annexed files, with the same keys and sizes', () => {
    const ours = [...contents].flatMap(([path, it]) =>
      it.kind === 'annexed' ? [[path, it.key.name, String(it.key.size ?? 'unknown')]] : [],
    );
    const theirs = found('--anything')
      // A file that is too large to come with the tree is unknown to us.
      .filter(({ file }) => contents.get(toBinary(file))?.kind !== 'unknown')
      // In a chunk's key the size is that of the whole.
      .map(({ file, key, bytesize }) => [
        toBinary(file),
        fileNameOf(key),
        key.includes('-C1-') ? 'unknown' : bytesize,
      ]);
    expect(ours.length).toBeGreaterThan(90);
    expect(new Set(ours.map(String))).toEqual(new Set(theirs.map(String)));
  });

  test('holds of each file what was expected', () => {
    const present = new Set(found().map(({ key }) => fileNameOf(key)));
    const seen = { annexed: 0, unavailable: 0, plain: 0, symlink: 0, gitlink: 0, unknown: 0 };
    for (const [path, it] of contents) {
      const bytes = exported(Buffer.from(path, 'latin1').toString());
      const about = { path, kind: it.kind };
      if (it.kind === 'annexed' && !present.has(it.key.name)) {
        expect({ ...about, bytes }).toEqual({ ...about, bytes: null });
        seen.unavailable++;
        continue;
      }
      seen[it.kind]++;
      switch (it.kind) {
        case 'annexed':
          expect({ ...about, size: bytes?.length }).toEqual({ ...about, size: it.key.size });
          if (it.key.md5 !== null) expect(hash('md5', bytes ?? '')).toBe(it.key.md5);
          break;
        case 'plain':
          expect({ ...about, size: bytes?.length }).toEqual({ ...about, size: it.size });
          expect(hash('md5', bytes ?? '')).toBe(it.md5);
          break;
        case 'unknown':
          expect({ ...about, isThere: bytes !== null }).toEqual({ ...about, isThere: true });
          break;
        case 'symlink':
        case 'gitlink':
          expect({ ...about, bytes }).toEqual({ ...about, bytes: null });
          break;
      }
    }
    expect(seen).toMatchObject({ gitlink: 1, symlink: OTHER_BLOBS('').length + 1 });
    expect(seen.unavailable).toBe(KEYS_OF_NOBODY.length);
    expect(seen.plain).toBeGreaterThan(OTHER_BLOBS('').length + NO_KEYS.length);
    const files = execFileSync('find', ['.', '-type', 'f', '-print0'], {
      cwd: join(folder, 'export'),
    })
      .toString()
      .split('\0')
      .filter((file) => file !== '')
      .map((file) => toBinary(file.slice(2)));
    expect(files.filter((file) => !contents.has(file))).toEqual([]);
  });

  test('is recorded with a tree that the commit may be exported as', () => {
    const tree = git(['show', 'git-annex:export.log']).split(' ')[2];
    expect(content.tree).not.toBe(tree);
    expect(content.exportTrees).toContain(tree);
  });

  test('makes keys whose backend and size we read', () => {
    writeFileSync(join(folder, 'file.nii.gz'), 'twenty-one bytes long');
    for (const backend of ['SHA3_384E', 'BLAKE2BP512', 'MD5', 'MD5E', 'SKEIN512E']) {
      const key = git(['annex', 'calckey', `--backend=${backend}`, join(folder, 'file.nii.gz')]);
      const md5 = backend.startsWith('MD5') ? hash('md5', 'twenty-one bytes long') : null;
      expect(parseAnnexKey(key)).toEqual({ name: key, backend, size: 21, md5 });
    }
  });
});
