// What dandisets, versions and zarrs are called. An id is always text: `000027` is no number.

const DANDISET = /^\d{6}$/;
/** The minute of publishing, moved on while it is taken. Nothing can be read from it. */
const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const LAST_UUID =
  /(?:^|\/)([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:\.git)?\/?$/;

/** The version that is always there and changes. */
export const DRAFT = 'draft';

export const isDandisetId = (text: string): boolean => DANDISET.test(text);
export const isUuid = (text: string): boolean => UUID.test(text);
/** Whether a tag or a version looks like a published version. */
export const isVersion = (text: string): boolean => VERSION.test(text) && text.length <= 64;

/** For `sort`: negative when `a` is older. Fields are numbers; other text comes first, as text. */
export function compareVersions(a: string, b: string): number {
  const left = VERSION.exec(a);
  const right = VERSION.exec(b);
  if (left === null || right === null) {
    if (left !== null) return 1;
    if (right !== null) return -1;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  for (let field = 1; field <= 3; field++) {
    const difference = BigInt(left[field] as string) - BigInt(right[field] as string);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return 0;
}

/** The zarr that an address of a zarr mirror names; null if it names none. It is never fetched. */
export const zarrOfAddress = (url: string): string | null => LAST_UUID.exec(url)?.[1] ?? null;
