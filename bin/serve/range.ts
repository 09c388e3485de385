// `Range` of a request (RFC 9110, 14): one part of a file. Several at once are answered with the
// whole, as the standard allows.

export interface Part {
  /** Places of the first and the last byte. */
  readonly first: number;
  readonly last: number;
}

/** @returns the part; `whole` when no usable part is requested; `none` when it begins after the end */
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
