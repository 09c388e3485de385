// All refs of a repository: the `ls-refs` command of protocol v2 (gitprotocol-v2), and the answer
// of discovery (gitprotocol-pack, gitprotocol-http) for servers that need it or speak only v0/v1.
// Names are hostile text: they are kept as they come and only ever compared.

import type { Refs } from '../sources.ts';
import { malformed, quoted } from './fault.ts';
import { DELIM, FLUSH, lineOf, packetAt, packetsToFlush, pktLine } from './pkt-line.ts';
import { AGENT, isOid } from './words.ts';

const BRANCH = 'refs/heads/';
const TAG = 'refs/tags/';
/** What a peeled tag's line of its own ends in, in v0 and v1. */
const PEELED = '^{}';

/**
 * The prefixes spare the pull requests of a hosted repository. They match more than they say
 * (`HEAD` also `HEADLINE`), so the answer is compared exactly all the same.
 */
export const LS_REFS_REQUEST = [
  pktLine('command=ls-refs'),
  pktLine(AGENT),
  pktLine('object-format=sha1'),
  DELIM,
  pktLine('peel'),
  pktLine('symrefs'),
  pktLine('ref-prefix HEAD'),
  pktLine(`ref-prefix ${BRANCH}`),
  pktLine(`ref-prefix ${TAG}`),
  FLUSH,
].join('');

/** The refs of an `ls-refs` answer; only its flush packet makes it complete. */
export function parseLsRefs(body: Buffer): Refs {
  const refs = collectRefs();
  for (const packet of packetsToFlush(body)) {
    if (packet === 'delim') throw malformed('a delimiter among the refs');
    const [oid, name, ...attributes] = lineOf(packet).split(' ');
    if (name === undefined) throw malformed(`not a ref: "${quoted(packet)}"`);
    const target = wordAfter(attributes, 'symref-target:');
    if (name === 'HEAD' && target !== undefined) refs.head(target);
    // An unborn HEAD names its branch and no object.
    if (name === 'HEAD' && oid === 'unborn') continue;
    refs.add(oid, name, wordAfter(attributes, 'peeled:'));
  }
  return refs.done();
}

/** What discovery tells: that `ls-refs` can be asked, or the refs themselves (v0, v1). */
export type Discovery = { readonly kind: 'v2' } | { readonly kind: 'refs'; readonly refs: Refs };

export function parseDiscovery(body: Buffer): Discovery {
  let start = 0;
  const first = packetAt(body, 0);
  if (Buffer.isBuffer(first.packet) && lineOf(first.packet).startsWith('# service=')) {
    const after = packetAt(body, first.next);
    if (after.packet !== 'flush') throw malformed('no flush packet after the service line');
    start = after.next;
  }
  const lines = advertised(body, start);
  if (lines[0] === 'version 2') return { kind: 'v2' };
  return {
    kind: 'refs',
    refs: parseAdvertisement(lines[0] === 'version 1' ? lines.slice(1) : lines),
  };
}

function advertised(body: Buffer, start: number): string[] {
  return Array.from(packetsToFlush(body, start), (packet) => {
    if (packet === 'delim') throw malformed('a delimiter among the refs');
    return lineOf(packet);
  });
}

/** v0: `oid name`, capabilities behind a NUL on the first line, peeled tags on a line of their own. */
function parseAdvertisement(lines: readonly string[]): Refs {
  const refs = collectRefs();
  const peeled = new Map<string, string>();
  const plain: [oid: string, name: string][] = [];
  for (const [index, line] of lines.entries()) {
    const [ref = '', capabilities = ''] = index === 0 ? line.split('\0') : [line];
    const symref = wordAfter(capabilities.split(' '), 'symref=HEAD:');
    if (symref !== undefined) refs.head(symref);
    const space = ref.indexOf(' ');
    if (space < 0) throw malformed(`not a ref: "${quoted(Buffer.from(ref))}"`);
    const oid = ref.slice(0, space);
    const name = ref.slice(space + 1);
    // `shallow` lines are of the server's own history; `capabilities^{}` stands for "no refs".
    if (oid === 'shallow' || name === `capabilities${PEELED}`) continue;
    if (name.endsWith(PEELED)) peeled.set(name.slice(0, -PEELED.length), oid);
    else plain.push([oid, name]);
  }
  for (const [oid, name] of plain) refs.add(oid, name, peeled.get(name));
  return refs.done();
}

function wordAfter(words: readonly string[], key: string): string | undefined {
  return words.find((word) => word.startsWith(key))?.slice(key.length);
}

function collectRefs() {
  let head: string | null = null;
  const branches = new Map<string, string>();
  const tags = new Map<string, string>();
  const annotated = new Map<string, string>();

  const put = (into: Map<string, string>, name: string, oid: string): void => {
    if (into.has(name)) throw malformed(`the ref "${quoted(Buffer.from(name))}" comes twice`);
    into.set(name, oid);
  };

  return {
    head(target: string): void {
      head = target.startsWith(BRANCH) ? target.slice(BRANCH.length) : null;
    },
    /** Peeled: what an annotated tag means in the end, however many tags are nested. */
    add(oid: string | undefined, name: string, peeled: string | undefined): void {
      if (!isOid(oid) || (peeled !== undefined && !isOid(peeled))) {
        throw malformed(`the ref "${quoted(Buffer.from(name))}" names no object`);
      }
      if (name.startsWith(BRANCH)) put(branches, name.slice(BRANCH.length), oid);
      else if (name.startsWith(TAG)) {
        const tag = name.slice(TAG.length);
        put(tags, tag, peeled ?? oid);
        if (peeled !== undefined) annotated.set(tag, oid);
      }
    },
    done(): Refs {
      return { head, branches, tags, annotated };
    },
  };
}
