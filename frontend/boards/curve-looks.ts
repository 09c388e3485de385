// How the lines of a curve differ: by colour, and by dashes for who sees no colour.

import { statusIn } from './widget-document.ts';

/** Pixels of line and gap. */
export const DASHES: readonly (readonly number[])[] = [
  [],
  [7, 3],
  [2, 3],
  [10, 3, 2, 3],
  [4, 4],
  [12, 4],
  [2, 6],
  [8, 2, 2, 2, 2, 2],
];

const OTHERS = [
  '--link',
  '--warning',
  '--version-mismatch',
  '--mark',
  '--error',
  '--soft',
  '--ok',
  '--ink',
];

/** A variable of style.css for each: of a status its own, unless another line has it. */
export function coloursFor(series: readonly string[]): string[] {
  const used = new Set<string>();
  const take = (colour: string) => {
    used.add(colour);
    return colour;
  };
  return series.map((name) => {
    const status = statusIn(name);
    const own = status && `--${status}`;
    if (own && !used.has(own)) return take(own);
    return take(OTHERS.find((colour) => !used.has(colour)) ?? '--ink');
  });
}
