// All refs of a repository: the `ls-refs` command of protocol v2 (gitprotocol-v2), and the
// discovery answer (gitprotocol-pack, gitprotocol-http) for servers that need it or speak only
// v0/v1. Names are hostile text: they are kept unchanged and only compared.

import type { Refs } from '../sources.ts';
import { malformed, quoted } from './fault.ts';
import { DELIM, FLUSH, lineOf, packetAt, packetsToFlush, pktLine } from './pkt-line.ts';
import { AGENT, isOid } from './request-words.ts';

const BRANCH = 'refs/heads/';
const TAG = 'refs/tags/';
/** In v0 and v1, the ending of the separate line of a peeled tag. */
const PEELED = '^{}';

/**
 * The prefixes leave out the pull requests of a hosted repository. They also match longer names
 * (`HEAD` matches `HEADLINE`), so the answer is compared exactly as well.
 */
export function lsRefsRequest({ unborn }: LsRefsOptions): string {
  return [
    pktLine('command=ls-refs'),
    pktLine(AGENT),
    pktLine('object-format=sha1'),
    DELIM,
    pktLine('peel'),
    pktLine('symrefs'),
    ...(unborn ? [pktLine('unborn')] : []),
    pktLine('ref-prefix HEAD'),
    pktLine(`ref-prefix ${BRANCH}`),
    pktLine(`ref-prefix ${TAG}`),
    FLUSH,
  ].join('');
}

export interface LsRefsOptions {
  /**
   * Whether to ask for the name of a HEAD whose branch does not exist. Git before 2.31 ignores the
   * word; a server may also refuse unknown words.
   */
  readonly unborn: boolean;
}

/** Whether a server answers with its own error (gitprotocol-pack) instead of refs. */
export function saysError(body: Buffer): boolean {
  const { packet } = packetAt(body, 0);
  return Buffer.isBuffer(packet) && packet.toString('latin1', 0, 4) === 'ERR ';
}

/**
 * The refs of an `ls-refs` answer; only its flush packet makes it complete. HEAD is included if it
 * is at a commit. An unnamed HEAD is at no commit.
 */
export function parseLsRefs(body: Buffer): Refs {
  const refs = collectRefs();
  refs.headAt(null);
  for (const packet of packetsToFlush(body)) {
    if (packet === 'delim') throw malformed('a delimiter among the refs');
    const [oid, name, ...attributes] = lineOf(packet).split(' ');
    if (name === undefined) throw malformed(`not a ref: "${quoted(packet)}"`);
    const target = wordAfter(attributes, 'symref-target:');
    if (name === 'HEAD' && target !== undefined) refs.headNames(target);
    // An unborn HEAD names its branch but no object.
    if (name === 'HEAD' && oid === 'unborn') continue;
    refs.add(oid, name, wordAfter(attributes, 'peeled:'));
  }
  return refs.done();
}

/** The result of discovery: either `ls-refs` is supported, or the refs themselves (v0, v1). */
export type Discovery =
  | ({ readonly kind: 'v2' } & LsRefsOptions)
  | { readonly kind: 'refs'; readonly refs: Refs };

export function parseDiscovery(body: Buffer): Discovery {
  let start = 0;
  const first = packetAt(body, 0);
  if (Buffer.isBuffer(first.packet) && lineOf(first.packet).startsWith('# service=')) {
    const after = packetAt(body, first.next);
    if (after.packet !== 'flush') throw malformed('no flush packet after the service line');
    start = after.next;
  }
  const lines = advertised(body, start);
  if (lines[0] === 'version 2') {
    const [, features = ''] = lines.find((line) => line.startsWith('ls-refs='))?.split('=') ?? [];
    return { kind: 'v2', unborn: features.split(' ').includes('unborn') };
  }
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

/** v0: `oid name`, capabilities after a NUL on the first line, peeled tags on separate lines. */
function parseAdvertisement(lines: readonly string[]): Refs {
  const refs = collectRefs();
  const peeled = new Map<string, string>();
  const plain: [oid: string, name: string][] = [];
  for (const [index, line] of lines.entries()) {
    const [ref = '', capabilities = ''] = index === 0 ? line.split('\0') : [line];
    const symref = wordAfter(capabilities.split(' '), 'symref=HEAD:');
    if (symref !== undefined) refs.headNames(symref);
    const space = ref.indexOf(' ');
    if (space < 0) throw malformed(`not a ref: "${quoted(Buffer.from(ref))}"`);
    const oid = ref.slice(0, space);
    const name = ref.slice(space + 1);
    // `shallow` lines describe the server's own history.
    if (oid === 'shallow') continue;
    // These include `capabilities^{}`, which stands for "no refs".
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
  let headCommit: string | null | undefined;
  const branches = new Map<string, string>();
  const tags = new Map<string, string>();
  const annotated = new Map<string, string>();

  const put = (into: Map<string, string>, name: string, oid: string): void => {
    if (into.has(name)) throw malformed(`the ref "${quoted(Buffer.from(name))}" comes twice`);
    into.set(name, oid);
  };

  return {
    headNames(target: string): void {
      head = target.startsWith(BRANCH) ? target.slice(BRANCH.length) : null;
    },
    headAt(commit: string | null): void {
      headCommit = commit;
    },
    /** @param peeled what an annotated tag finally points to, however many tags are nested */
    add(oid: string | undefined, name: string, peeled: string | undefined): void {
      if (!isOid(oid) || (peeled !== undefined && !isOid(peeled))) {
        throw malformed(`the ref "${quoted(Buffer.from(name))}" names no object`);
      }
      // HEAD may name a tag.
      if (name === 'HEAD') headCommit = peeled ?? oid;
      else if (name.startsWith(BRANCH)) put(branches, name.slice(BRANCH.length), oid);
      else if (name.startsWith(TAG)) {
        const tag = name.slice(TAG.length);
        put(tags, tag, peeled ?? oid);
        if (peeled !== undefined) annotated.set(tag, oid);
      }
    },
    done(): Refs {
      const refs = { head, branches, tags, annotated };
      return head === null && headCommit !== undefined ? { ...refs, headCommit } : refs;
    },
  };
}
