// The unified list of a comparison: missing, extra and unchanged neighbours in path
// order, with a mark at places where unchanged files may be left out.

import { compareBytes } from '../../core/compare/byte-order.ts';
import type { Listed } from './viewer-lists.ts';

export type Line =
  | { readonly kind: 'missing' | 'extra' | 'context'; readonly path: string }
  | { readonly kind: 'gap' };

/** Neighbours kept on each side of a change (docs/checks.md#files). */
const CONTEXT = 3;

/** The three lists are sorted by bytes; so is the result. */
export function unifiedLines({ added, removed, context }: Listed): Line[] {
  const changes = merge(
    added.map((path) => ({ kind: 'missing' as const, path })),
    removed.map((path) => ({ kind: 'extra' as const, path })),
  );
  const paths = merge(
    changes,
    context.map((path) => ({ kind: 'context' as const, path })),
  );
  return withGaps(paths);
}

type PathLine = Exclude<Line, { kind: 'gap' }>;

function merge(left: readonly PathLine[], right: readonly PathLine[]): PathLine[] {
  const merged: PathLine[] = [];
  let l = 0;
  let r = 0;
  for (;;) {
    const a = left[l];
    const b = right[r];
    if (!a && !b) return merged;
    if (a && (!b || compareBytes(a.path, b.path) <= 0)) {
      merged.push(a);
      l++;
    } else if (b) {
      merged.push(b);
      r++;
    }
  }
}

/** Files can be left out only between two changes that each have all their neighbours. */
function withGaps(paths: readonly PathLine[]): Line[] {
  const lines: Line[] = [];
  let run = 0;
  paths.forEach((line, place) => {
    run = line.kind === 'context' ? run + 1 : 0;
    if (
      run === CONTEXT + 1 &&
      paths.slice(place, place + CONTEXT).every(({ kind }) => kind === 'context')
    ) {
      lines.push({ kind: 'gap' });
    }
    lines.push(line);
  });
  return lines;
}
