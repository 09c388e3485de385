// The order of versions (docs/checks.md#words-and-orders): by generation, and within the newest as
// numbers. ds003216, ds003592, ds003768, ds006128 and ds006444 have a 1.0.10 or the like, which
// sorting as text puts below 1.0.9.

import { compareBytes } from '../../core/compare/byte-order.ts';

/** The three forms a snapshot's tag has had, oldest first. */
const GENERATIONS: readonly RegExp[] = [
  /^[0-9a-f]{24}$/,
  /^0[0-9]{4}$/,
  /^[0-9]+\.[0-9]+\.[0-9]+$/,
];
const UNKNOWN = -1;

/** True for a tag in one of the three forms; other tags of a mirror are not versions. */
export function isVersion(tag: string): boolean {
  return generation(tag) !== UNKNOWN;
}

/**
 * Compares two tags, for `sort`: negative when `a` is the older. A total order over any strings:
 * unknown forms come before all versions, and ties are ordered by bytes (`1.0.0` and `01.0.0`).
 */
export function compareVersions(a: string, b: string): number {
  const age = generation(a);
  const byAge = age - generation(b);
  if (byAge !== 0) return byAge;
  const byNumber = age === GENERATIONS.length - 1 ? compareParts(a, b) : 0;
  return byNumber || compareBytes(a, b);
}

/** The highest version among tags; null when none of them is a version. */
export function highestVersion(tags: Iterable<string>): string | null {
  let highest: string | null = null;
  for (const tag of tags) {
    if (isVersion(tag) && (highest === null || compareVersions(tag, highest) > 0)) highest = tag;
  }
  return highest;
}

/**
 * The tag that the version in a DOI means: as it is written or in another case, or `0000N` for the
 * `1` to `9999` of 2018's DOIs (ds001399); the version itself when there is no such tag.
 */
export function tagOfVersion(version: string, tags: Iterable<string>): string {
  const all = [...tags];
  if (all.includes(version)) return version;
  const written = version.toLowerCase();
  const padded = /^[0-9]{1,4}$/.test(version) ? version.padStart(5, '0') : null;
  return all.find((tag) => tag.toLowerCase() === written || tag === padded) ?? version;
}

function generation(tag: string): number {
  return GENERATIONS.findIndex((form) => form.test(tag));
}

function compareParts(a: string, b: string): number {
  const others = b.split('.');
  for (const [at, part] of a.split('.').entries()) {
    const difference = compareDigits(part, others[at] ?? '');
    if (difference !== 0) return difference;
  }
  return 0;
}

/** As numbers of any length: a mirror's tags are hostile text, and a date is no safe integer. */
function compareDigits(a: string, b: string): number {
  const x = a.replace(/^0+/, '');
  const y = b.replace(/^0+/, '');
  if (x.length !== y.length) return x.length - y.length;
  return compareBytes(x, y);
}
