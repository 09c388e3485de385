// The only order of paths, keys and ids: the order of their UTF-8 bytes, as in S3 listings and git
// trees (docs/checks.md#words-and-orders). JavaScript's `<` orders UTF-16 units and differs above
// U+FFFF.

/**
 * A path or key as a "binary" string: one UTF-16 unit per byte (latin1 decoding of its UTF-8
 * bytes). So JavaScript's `<` is the byte order that S3 and git use.
 */
export type BinaryString = string;

/** Text as one UTF-16 unit per UTF-8 byte. A lone surrogate becomes U+FFFD, as usual in UTF-8. */
export function toBinary(text: string): BinaryString {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/**
 * The text of a path or key; bytes that are not UTF-8 become U+FFFD, so this may lose information.
 */
export function fromBinary(binary: BinaryString): string {
  return Buffer.from(binary, 'latin1').toString('utf8');
}

/**
 * The same bytes in a separate string. A slice keeps the whole original text in memory: one orphan
 * on each page of a listing would hold every page.
 */
export function detached(binary: BinaryString): BinaryString {
  return Buffer.from(binary, 'latin1').toString('latin1');
}

/**
 * Compares ordinary strings by their UTF-8 bytes, for `sort`: negative, zero or positive. Strings
 * with equal bytes are equal, as are a lone surrogate and U+FFFD. It also runs in the page: no
 * Buffer.
 */
export function compareBytes(a: string, b: string): number {
  const at = firstDifference(a, b);
  const x = a.charCodeAt(at);
  const y = b.charCodeAt(at);
  if (x < 0xd800 && y < 0xd800) return x - y;
  return compareWellFormed(a.toWellFormed(), b.toWellFormed());
}

function compareWellFormed(a: string, b: string): number {
  const at = firstDifference(a, b);
  if (at === a.length || at === b.length) return a.length - b.length;
  return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
}

function firstDifference(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

/** Places surrogates, which encode U+10000 and above, after the units U+E000–U+FFFF. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
