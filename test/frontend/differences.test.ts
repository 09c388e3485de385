import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareBytes } from '../../core/compare/byte-order.ts';
import { type Folder, type Node, treeOf, visibleRows } from '../../frontend/dataset/tree.ts';
import { unifiedLines } from '../../frontend/dataset/unified-lines.ts';
import { rangeOf } from '../../frontend/shared/window.ts';

const part = fc.constantFrom(
  'sub-01',
  'sub-02',
  'anat',
  'a',
  '__proto__',
  '\u{1F9E0}',
  '\uFF5E',
  '-',
);
const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const lists = fc
  .uniqueArray(path, { maxLength: 40 })
  .map((paths) => paths.sort(compareBytes))
  .chain((paths) =>
    fc
      .array(fc.constantFrom('added', 'removed', 'context'), {
        minLength: paths.length,
        maxLength: paths.length,
      })
      .map((kinds) => ({
        added: paths.filter((_, at) => kinds[at] === 'added'),
        removed: paths.filter((_, at) => kinds[at] === 'removed'),
        context: paths.filter((_, at) => kinds[at] === 'context'),
      })),
  );

describe('the unified list', () => {
  test('has every path once, in byte order, under its own sign', () => {
    fc.assert(
      fc.property(lists, ({ added, removed, context }) => {
        const lines = unifiedLines({ added, removed, context }).filter(
          (line) => line.kind !== 'gap',
        );
        const of = (kind: string) =>
          lines.filter((line) => line.kind === kind).map(({ path }) => path);
        expect(of('missing')).toEqual(added);
        expect(of('extra')).toEqual(removed);
        expect(of('context')).toEqual(context);
        expect(lines.map(({ path }) => path)).toEqual(
          lines.map(({ path }) => path).sort(compareBytes),
        );
      }),
    );
  });

  test('marks where unchanged files may be left out: between two changes with all their context', () => {
    const kinds = (context: string[]) =>
      unifiedLines({ added: ['a', 'z'], removed: [], context })
        .map(({ kind }) => kind[0])
        .join('');
    expect(kinds(['b', 'c', 'd', 'e', 'f', 'g'])).toBe('mcccgcccm');
    expect(kinds(['b', 'c', 'd', 'e', 'f'])).toBe('mcccccm');
    expect(kinds([])).toBe('mm');
  });
});

describe('the tree', () => {
  const files = (node: Node): number =>
    node.kind === 'folder' ? node.children.reduce((sum, child) => sum + files(child), 0) : 1;

  test('rolls up the counts of all below', () => {
    fc.assert(
      fc.property(lists, ({ added, removed }) => {
        const check = (folder: Folder): void => {
          expect(folder.missing + folder.extra).toBe(files(folder));
          for (const child of folder.children) if (child.kind === 'folder') check(child);
        };
        const root = treeOf(added, removed);
        expect([root.missing, root.extra]).toEqual([added.length, removed.length]);
        check(root);
      }),
    );
  });

  test('folders come first, and a chain of single folders is one line', () => {
    const root = treeOf(['z.txt', 'derivatives/fmriprep/sub-01/a.txt', 'b/c.txt'], ['b/d/e.txt']);
    const names = (open: boolean) =>
      visibleRows(root, () => open).map(({ node, level }) => `${level} ${node.name}`);
    expect(names(false)).toEqual(['1 b', '1 derivatives/fmriprep/sub-01', '1 z.txt']);
    expect(names(true)).toEqual([
      '1 b',
      '2 d',
      '3 e.txt',
      '2 c.txt',
      '1 derivatives/fmriprep/sub-01',
      '2 a.txt',
      '1 z.txt',
    ]);
  });
});

test('the rows rendered always cover the rows in sight, and are never many more', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -2000, max: 500_000 }),
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 0, max: 20_000 }),
      fc.integer({ min: 10, max: 120 }),
      (top, height, count, rowHeight) => {
        const { first, end } = rangeOf(top, height, count, rowHeight);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(count);
        const lowest = Math.max(0, Math.floor(top / rowHeight));
        const highest = Math.min(count, Math.ceil((top + height) / rowHeight));
        if (lowest < highest) {
          expect(first).toBeLessThanOrEqual(lowest);
          expect(end).toBeGreaterThanOrEqual(highest);
        }
        expect(end - first).toBeLessThanOrEqual(height / rowHeight + 40);
      },
    ),
  );
});
