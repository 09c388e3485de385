// The framing of git's protocol (gitprotocol-common): each packet starts with its length in four
// hex digits, and the flush packet `0000` ends the body. A body without it was cut short.

import { cutShort, malformed, quoted } from './fault.ts';

/** The four digits count themselves. gitprotocol-common limits a packet to 65,520 bytes. */
const LENGTH_DIGITS = 4;
const MAX_PACKET = 65_520;

export const FLUSH = '0000';
export const DELIM = '0001';

/** A packet of text, with a newline added. */
export function pktLine(text: string): string {
  const length = LENGTH_DIGITS + Buffer.byteLength(text) + 1;
  return `${length.toString(16).padStart(LENGTH_DIGITS, '0')}${text}\n`;
}

export type Packet = Buffer | 'flush' | 'delim';

/** The packet at `offset`, and where the next one starts. Its bytes are a view of `body`. */
export function packetAt(body: Buffer, offset: number): { packet: Packet; next: number } {
  if (offset + LENGTH_DIGITS > body.length) throw cutShort('the answer ends without flush packet');
  const digits = body.toString('latin1', offset, offset + LENGTH_DIGITS);
  if (!/[0-9a-fA-F]{4}/.test(digits)) {
    throw malformed(`no packet length: "${quoted(Buffer.from(digits, 'latin1'))}"`);
  }
  const start = offset + LENGTH_DIGITS;
  if (digits === FLUSH) return { packet: 'flush', next: start };
  if (digits === DELIM) return { packet: 'delim', next: start };
  const next = offset + Number.parseInt(digits, 16);
  // 0002 ends an answer only if several share a connection; in HTTP they do not.
  if (next < start || next > offset + MAX_PACKET) throw malformed(`packet length ${digits}`);
  if (next > body.length) throw cutShort('the answer ends within a packet');
  return { packet: body.subarray(start, next), next };
}

/**
 * The packets from `offset` to the flush packet, which must exist and end the body. A server's own
 * error (`ERR` and text) makes the body malformed.
 */
export function* packetsToFlush(body: Buffer, offset = 0): Generator<Buffer | 'delim'> {
  for (let at = offset; ; ) {
    const { packet, next } = packetAt(body, at);
    if (packet === 'flush') {
      if (next !== body.length) throw malformed('bytes after the flush packet');
      return;
    }
    if (packet !== 'delim' && packet.toString('latin1', 0, LENGTH_DIGITS) === 'ERR ') {
      throw malformed(`the server says: ${quoted(packet.subarray(LENGTH_DIGITS))}`);
    }
    yield packet;
    at = next;
  }
}

/** A packet's text without its newline. */
export function lineOf(packet: Buffer): string {
  const end = packet.at(-1) === 0x0a ? packet.length - 1 : packet.length;
  return packet.toString('utf8', 0, end);
}
