// What a git-annex branch records about exports, as bytes to keep: the logs at its root, and the
// remotes that hold a version of each key. Written once per commit of the branch.
//
// The head is the number of keys. A record is a letter and a name, NUL, a text, NUL. `l`: a log at
// the root and its text in base64. `v`: a key and the uuids that hold a version of it, separated by
// spaces.

import type { BinaryString } from '../../../core/compare/byte-order.ts';
import { BLOCK_BYTES, keepBlocks, openBlocks } from '../../../core/protocols/git/kept-blocks.ts';
import { RULES_VERSION } from '../rules-version.ts';

/** At the root of the branch. */
export const ROOT_LOGS = ['remote.log', 'trust.log', 'export.log'] as const;
export type RootLog = (typeof ROOT_LOGS)[number];

export interface VersionsOfKey {
  readonly key: BinaryString;
  /** UUIDs of the remotes that hold a version not taken back; null: the log was not read. */
  readonly remotes: readonly string[] | null;
}

export interface BranchLogs {
  /** Text of each log at the root; empty if there is none. */
  readonly root: Readonly<Record<RootLog, string>>;
  /** Every key with a log of its versions. May be iterated more than once. */
  readonly versions: Iterable<VersionsOfKey>;
}

const MAGIC = `mirrorwatch-annex-logs ${RULES_VERSION} `;
/** A UUID, or any other name of a repository without blanks. */
const PRINTABLE = /^[\x21-\x7e]+$/;

/** Undefined when a log was not read, or when one is too long for a block. */
export function encodeBranchLogs(logs: BranchLogs): Buffer | undefined {
  let keys = 0;
  let isWhole = true;
  function* records(): Generator<BinaryString> {
    for (const record of recordsFor(logs)) {
      if (record === null || record.length > BLOCK_BYTES) {
        isWhole = false;
        return;
      }
      keys++;
      yield record;
    }
  }
  const bytes = keepBlocks(MAGIC, () => String(keys - ROOT_LOGS.length), records());
  return isWhole ? bytes : undefined;
}

/** Null if something was not read. */
function* recordsFor({ root, versions }: BranchLogs): Generator<BinaryString | null> {
  for (const name of ROOT_LOGS) {
    yield `l${name}\0${Buffer.from(root[name]).toString('base64')}\0`;
  }
  for (const { key, remotes } of versions) {
    const uuids = remotes?.filter((uuid) => PRINTABLE.test(uuid));
    yield uuids === undefined ? null : `v${key}\0${uuids.join(' ')}\0`;
  }
}

/** Undefined when the bytes are cut, changed, or not in today's format. */
export function decodeBranchLogs(bytes: Buffer): BranchLogs | undefined {
  const opened = openBlocks(MAGIC, bytes);
  if (opened === undefined) return undefined;
  const root: Record<RootLog, string> = { 'remote.log': '', 'trust.log': '', 'export.log': '' };
  for (const { kind, name, text } of recordsOf(opened.blocks)) {
    if (kind !== 'l') break;
    root[name as RootLog] = Buffer.from(text, 'base64').toString();
  }
  const { blocks } = opened;
  return { root, versions: { [Symbol.iterator]: () => versionsOf(blocks) } };
}

function* versionsOf(blocks: Iterable<Buffer>): Generator<VersionsOfKey> {
  for (const { kind, name, text } of recordsOf(blocks)) {
    if (kind === 'v') yield { key: name, remotes: text === '' ? [] : text.split(' ') };
  }
}

function* recordsOf(blocks: Iterable<Buffer>) {
  for (const block of blocks) {
    for (let at = 0; at < block.length; ) {
      const nameEnd = block.indexOf(0, at);
      const end = block.indexOf(0, nameEnd + 1);
      yield {
        kind: block.toString('latin1', at, at + 1),
        name: block.toString('latin1', at + 1, nameEnd),
        text: block.toString('latin1', nameEnd + 1, end),
      };
      at = end + 1;
    }
  }
}
