// The targets of references in documents and comments exist: files, and headings by anchor.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const TEXT = /\.(?:md|ts|tsx|js|mjs|css|html|json|yml)$|^\.ci\/run$/;

const tracked = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter(
    (path) => TEXT.test(path) && path !== 'package-lock.json' && existsSync(join(ROOT, path)),
  );
const documents = tracked.filter((path) => path.endsWith('.md'));

/** As GitHub makes them from headings. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
const anchors = new Map(
  documents.map((path) => {
    const headings = [...read(path).matchAll(/^#{1,6} (.*)$/gm)];
    return [path, new Set(headings.map(([, heading]) => anchorOf(heading ?? '')))] as const;
  }),
);

test('every heading that is cited is there', () => {
  const wrong: string[] = [];
  let cited = 0;
  for (const path of tracked) {
    for (const [, name = '', anchor = ''] of read(path).matchAll(/([\w./-]*\w\.md)#([\w-]+)/g)) {
      // `checks.md` beside the document itself, or below docs/ from anywhere.
      const places = [join(dirname(path), name), name, join('docs', name)];
      const document = places.map((one) => relative('', one)).find((one) => anchors.has(one));
      cited += 1;
      if (document === undefined || !anchors.get(document)?.has(anchor)) {
        wrong.push(`${path}: ${name}#${anchor}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(cited).toBeGreaterThan(100);
});

test('every link within a document leads somewhere', () => {
  const wrong: string[] = [];
  for (const path of documents) {
    for (const [, target = ''] of read(path).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file = '', anchor = ''] = target.split('#');
      const document = file === '' ? path : join(dirname(path), file);
      const found = anchor === '' || anchors.get(document)?.has(anchor);
      if (!existsSync(join(ROOT, document)) || !found) wrong.push(`${path}: ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('no document is cited by the number of a section', () => {
  const numbered = /\.md\b[^\n]{0,20}\bsections? \d/i;
  const wrong = tracked.filter((path) => numbered.test(read(path)) && path !== 'CHANGELOG.md');
  expect(wrong).toEqual([]);
});
