// The built page: its content, and how it gets into a folder.

import { mkdir, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { headersOf } from '../../lambdas/site/headers.ts';
import { buildSite, type Site } from '../../lib/website/site.ts';
import { writeSite } from '../../scripts/build-site.ts';
import { toy } from '../contract/toy/index.ts';
import { filesBelow } from '../support/tree.ts';

let site: Site;
let folder: string;
beforeAll(async () => {
  site = await buildSite();
  folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-site-'));
});
afterAll(() => rm(folder, { recursive: true }));

const PAGES = ['index.html', 'dataset.html', 'changes.html'];
const text = (path: string) => Buffer.from(site.files.get(path) ?? '').toString();

describe('the built page', () => {
  test('is the same from the same sources', async () => {
    expect(await buildSite()).toEqual(site);
  });

  test('knows which checks are measured together, since their ages are relative', () => {
    const scripts = [...site.files.keys()].filter((path) => path.endsWith('.js')).map(text);
    const stageOf = (check: string) => {
      const [script = ''] = scripts.filter((one) => one.includes(`id:"${check}",file:`));
      const [, stage] =
        /stage:(\d+)/.exec(script.slice(script.indexOf(`id:"${check}",file:`))) ?? [];
      return Number(stage);
    };
    for (const { id, stage } of openneuro.checks) {
      const together = openneuro.checks.filter((one) => one.stage === stage);
      expect(together.map((one) => stageOf(one.id))).toEqual(together.map(() => stageOf(id)));
    }
    const stages = new Set(openneuro.checks.map(({ stage }) => stage));
    expect(new Set(openneuro.checks.map(({ id }) => stageOf(id))).size).toBe(stages.size);
  });

  test.each(PAGES)('%s names files that are there', (page) => {
    expect(text(page)).not.toContain('{{');
    const named = [...text(page).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
    const own = named.filter((path) => !path?.startsWith('data/'));
    expect(own.length).toBeGreaterThan(4);
    for (const path of [
      ...own,
      ...(site.pages[page]?.js ?? []),
      ...(site.pages[page]?.css ?? []),
    ]) {
      expect([...site.files.keys()]).toContain(path);
    }
  });

  test('has the choice of archives and a panel of an archive only where there are some', async () => {
    const scriptsOf = ({ files }: Site) =>
      Array.from(files, ([path, bytes]) => (path.endsWith('.js') ? `${Buffer.from(bytes)}` : ''));
    const { wholeChecks: _, ...ofEntries } = openneuro as Archive;
    const alone = await buildSite([ofEntries]);
    const both = await buildSite([openneuro as Archive, toy as Archive]);
    for (const part of ['"Archives"', 'The list shows as many toys']) {
      expect(scriptsOf(alone).join('')).not.toContain(part);
      expect(scriptsOf(both).join('')).toContain(part);
    }
  });

  test('has no sources in it, and a type for every file', () => {
    for (const path of site.files.keys()) {
      expect(path).toMatch(/\.(html|js|css|svg)$/);
      expect(headersOf(path).ContentType).not.toBe('application/octet-stream');
    }
  });

  test('may be kept for good where a name has a hash, and only there', () => {
    for (const path of site.files.keys()) {
      expect(headersOf(path).CacheControl.includes('immutable'), path).toBe(
        path.startsWith('assets/'),
      );
    }
  });
});

describe('written into a folder', () => {
  test('nothing else is left in the folder, and a right file is not touched', async () => {
    await mkdir(join(folder, 'assets/older'), { recursive: true });
    await writeFile(join(folder, 'assets/older/main-AAAAAAAA.js'), 'of an older build');
    await writeFile(join(folder, 'index.html'), 'of an older build');
    await writeSite(folder);
    expect(filesBelow(folder)).toEqual(
      new Map([...site.files].map(([path, bytes]) => [path, Buffer.from(bytes)])),
    );

    const long = new Date(0);
    for (const path of site.files.keys()) await utimes(join(folder, path), long, long);
    await writeSite(folder);
    for (const path of site.files.keys()) {
      expect((await stat(join(folder, path))).mtimeMs, path).toBe(0);
    }
  });
});
