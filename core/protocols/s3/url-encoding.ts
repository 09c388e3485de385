import type { BinaryString } from '../../compare/byte-order.ts';

// Keys as `encoding-type=url` sends them: bytes as %XX, and a space as `+` (seen on S3: the key `a
// b+c` comes as `a+b%2Bc`).

const ENCODED = /[+%]/;
const BAD_ESCAPE = /%(?![0-9a-fA-F]{2})/;

/** The bytes of a key; null when it has a `%` that does not start an escape. */
export function decodeKey(encoded: BinaryString): BinaryString | null {
  if (!ENCODED.test(encoded)) return encoded;
  if (BAD_ESCAPE.test(encoded)) return null;
  return encoded
    .replaceAll('+', ' ')
    .replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
