// Hashes of the files that a mirror has in git itself. They are read once for each content, and kept
// with the commit that was compared.

import { gunzipSync, gzipSync } from 'node:zlib';
import type { Failed } from '../../../core/failure.ts';
import { type BlobDigest, digestOf } from '../rules/compare-tree.ts';
import type { Context } from '../sources/index.ts';

/** The tool annexes larger ones since 2026. */
const MAX_BYTES = 10 << 20;
/** Wanted with one request. */
const AT_ONCE = 500;
const LINE = /^([0-9a-f]{40}) (\d{1,15}) ([0-9a-f]{64})$/;
/** The name under which a commit's hashes are kept. */
const placeOf = (commit: string) => commit;

export type KnownBlobs = Map<string, BlobDigest>;

/** Those kept with a commit; none if it was never compared. */
export async function readKnown({ store }: Context, commit: string | null): Promise<KnownBlobs> {
  const known: KnownBlobs = new Map();
  const bytes = commit === null ? undefined : await store.readTree(placeOf(commit));
  if (bytes === undefined) return known;
  for (const line of gunzipSync(bytes).toString('latin1').split('\n')) {
    const [, oid, size, sha256] = LINE.exec(line) ?? [];
    if (oid !== undefined) known.set(oid, { size: Number(size), sha256: sha256 as string });
  }
  return known;
}

/** @param used ids of the commit's files: others are dropped */
export async function writeKnown(
  { store }: Context,
  commit: string,
  known: KnownBlobs,
  used: Iterable<string>,
): Promise<void> {
  const lines: string[] = [];
  for (const oid of used) {
    const digest = known.get(oid);
    if (digest !== undefined) lines.push(`${oid} ${digest.size} ${digest.sha256}`);
  }
  if (lines.length === 0) return;
  await store.writeTree(placeOf(commit), gzipSync(lines.sort().join('\n')));
}

/** Reads those that are not known yet. Contents that are too large stay unknown. */
export async function learn(
  { contents, signal }: Context,
  id: string,
  known: KnownBlobs,
  oids: Iterable<string>,
): Promise<Failed | null> {
  const unknown = [...new Set(oids)].filter((oid) => !known.has(oid));
  const waiting: string[][] = [];
  for (let at = 0; at < unknown.length; at += AT_ONCE)
    waiting.push(unknown.slice(at, at + AT_ONCE));
  for (let some = waiting.pop(); some !== undefined; some = waiting.pop()) {
    const answer = await contents.readBlobs(id, some, MAX_BYTES, signal);
    if (answer.kind === 'seen') {
      for (const [oid, blob] of answer.value) known.set(oid, digestOf(blob));
    } else if (answer.kind === 'failed' && answer.reason !== 'malformed') return answer;
    // Too much for one answer: in halves; one alone is too large, or the mirror lacks it.
    else if (some.length > 1) {
      const half = some.length >> 1;
      waiting.push(some.slice(0, half), some.slice(half));
    }
  }
  return null;
}
