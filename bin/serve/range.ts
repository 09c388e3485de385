// `Range` of a request (RFC 9110, 14): one part of a file. Several ranges at once get the whole
// file, as the standard allows.

export interface Part {
  /** Positions of the first and the last byte. */
  readonly first: number;
  readonly last: number;
}

/** @returns the part; `whole` without a usable range; `none` if it begins after the end */
export function partOf(range: string | undefined, size: number): Part | 'whole' | 'none' {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range?.trim() ?? '') ?? [];
  if (from === '' && to === '') return 'whole';
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'none' : { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  if (to !== '' && Number(to) < first) return 'whole';
  if (first >= size) return 'none';
  return { first, last: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}
