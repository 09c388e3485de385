// pkt-line framing, gitprotocol-common(5): four hex digits of length (themselves included), data.

export const FLUSH = Buffer.from('0000');
export const DELIMITER = Buffer.from('0001');

/** The most data one packet carries (65520 with its length). */
export const MAX_DATA = 65516;

export function packet(data: string | Buffer): Buffer {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
}

export type Packet =
  | { readonly kind: 'line' /** Without the newline. */; readonly text: string }
  | { readonly kind: 'flush' }
  | { readonly kind: 'delimiter' };

/** A request's packets; undefined if its framing is invalid. */
export function readPackets(body: Buffer): Packet[] | undefined {
  const packets: Packet[] = [];
  let at = 0;
  while (at < body.length) {
    const digits = body.toString('latin1', at, at + 4);
    if (!/^[0-9a-f]{4}$/i.test(digits)) return undefined;
    const length = Number.parseInt(digits, 16);
    if (length === 0) packets.push({ kind: 'flush' });
    else if (length === 1) packets.push({ kind: 'delimiter' });
    else if (length < 4 || at + length > body.length) return undefined;
    else {
      const text = body.toString('utf8', at + 4, at + length).replace(/\n$/, '');
      packets.push({ kind: 'line', text });
    }
    at += Math.max(length, 4);
  }
  return packets;
}

/**
 * Data on a band of side-band-64k: 1 is the pack, 2 is progress. Yields whole packets, as full as
 * they can be.
 */
export function* sideband(band: 1 | 2, chunks: Iterable<Buffer>): Generator<Buffer> {
  const room = MAX_DATA - 1;
  let pending: Buffer[] = [Buffer.of(band)];
  let size = 0;
  for (let chunk of chunks) {
    while (size + chunk.length >= room) {
      pending.push(chunk.subarray(0, room - size));
      yield packet(Buffer.concat(pending));
      chunk = chunk.subarray(room - size);
      pending = [Buffer.of(band)];
      size = 0;
    }
    pending.push(chunk);
    size += chunk.length;
  }
  if (size > 0) yield packet(Buffer.concat(pending));
}
