// The dandi-etag: the ETag that S3 gives a blob when it is uploaded in the archive's parts. So a
// HEAD compares contents without reading them.

import { createHash, hash } from 'node:crypto';

const PART_BYTES = 64 << 20;
/** S3 takes no more parts. */
const MAX_PARTS = 10_000;

/** Bytes of each part but the last one. */
export function partBytes(size: number): number {
  return size / PART_BYTES > MAX_PARTS - 1 ? Math.ceil(size / MAX_PARTS) : PART_BYTES;
}

/** Number of parts; 0 for no bytes. */
export const partCount = (size: number): number => Math.ceil(size / partBytes(size));

/**
 * @param pieces the content, in pieces of any size
 * @param size of the whole content: it decides the parts
 * @throws RangeError if the pieces are not so many bytes
 */
export function dandiEtag(pieces: Iterable<Buffer>, size: number): string {
  const most = partBytes(size);
  const digests: Buffer[] = [];
  let part = createHash('md5');
  let filled = 0;
  let total = 0;
  const close = () => {
    digests.push(part.digest());
    part = createHash('md5');
    filled = 0;
  };
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const end = Math.min(piece.length, at + most - filled);
      part.update(piece.subarray(at, end));
      filled += end - at;
      at = end;
      if (filled === most) close();
    }
    total += piece.length;
  }
  if (filled > 0) close();
  if (total !== size) throw new RangeError(`${total} bytes, and not ${size}`);
  return `${hash('md5', Buffer.concat(digests))}-${digests.length}`;
}
