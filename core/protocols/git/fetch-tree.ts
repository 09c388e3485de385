// Fetches objects without history: the `fetch` command of protocol v2 (gitprotocol-v2) with depth 1
// and a filter, and the pack in its answer.

import { malformed, quoted } from './fault.ts';
import { DELIM, FLUSH, lineOf, packetAt, packetsToFlush, pktLine } from './pkt-line.ts';
import { AGENT } from './request-words.ts';

/** Trees without contents; trees with contents below so many bytes; or only what is wanted. */
export type FetchFilter = 'blob:none' | `blob:limit=${number}` | 'tree:0';

/**
 * @param wants ids, 40 hex digits; they are sent whatever the filter says
 * @param depth of the history, in commits
 */
export function fetchRequest(wants: readonly string[], filter: FetchFilter, depth = 1): string {
  return [
    pktLine('command=fetch'),
    pktLine(AGENT),
    pktLine('object-format=sha1'),
    DELIM,
    pktLine('no-progress'),
    pktLine('ofs-delta'),
    pktLine(`deepen ${depth}`),
    pktLine(`filter ${filter}`),
    ...wants.map((oid) => pktLine(`want ${oid}`)),
    pktLine('done'),
    FLUSH,
  ].join('');
}

/** Whether the server says that it does not have an object. */
export function saysNotOurRef(body: Buffer, wants: readonly string[]): boolean {
  const { packet } = packetAt(body, 0);
  if (!Buffer.isBuffer(packet)) return false;
  const line = lineOf(packet);
  return /^ERR .*not our ref/.test(line) && wants.some((oid) => line.endsWith(oid));
}

/** Side-band (gitprotocol-pack): the first byte of a packet says what the rest is. */
const PACK_BAND = 1;
const PROGRESS_BAND = 2;

/**
 * The pack in a `fetch` answer: named sections, separated by delimiters, the pack last. It is
 * assembled in the body's own memory, so the body is unusable afterwards. A second copy of the
 * largest pack would be the memory peak of a run.
 */
export function packOf(body: Buffer): Buffer {
  let filled = 0;
  let section: string | null = null;
  for (const packet of packetsToFlush(body)) {
    if (packet === 'delim') {
      if (section === null || section === 'packfile') throw malformed('a delimiter out of place');
      section = null;
    } else if (section === null) {
      section = lineOf(packet);
    } else if (section === 'packfile') {
      if (packet[0] === PACK_BAND) filled += packet.copy(body, filled, 1);
      else if (packet[0] !== PROGRESS_BAND) {
        throw malformed(`the server says: ${quoted(packet.subarray(1))}`);
      }
    }
  }
  if (section !== 'packfile') throw malformed('an answer without a pack');
  return body.subarray(0, filled);
}
