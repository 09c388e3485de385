// The tags of published versions against what was published. Versions never change, so each is
// compared once for the commit of its tag, and only a few in one run.

import { checkPath } from '../../../core/documents/paths.ts';
import { type Failed, failed } from '../../../core/failure.ts';
import { readOrNull } from '../../../core/monitor/frame.ts';
import type { Measured } from '../../../core/monitor/verdict.ts';
import { someOf } from '../checks/shapes.ts';
import { type ComparedVersion, versions } from '../checks/versions.ts';
import { isForced } from '../modes.ts';
import { placeAssets } from '../rules/asset-paths.ts';
import { otherIds } from '../rules/compare-record.ts';
import { compareTree } from '../rules/compare-tree.ts';
import type { Context } from '../sources/index.ts';
import { type KnownBlobs, learn } from './known-blobs.ts';
import { filesAt, RECORD_PATH, SMALL_BYTES } from './mirror-state.ts';
import { plainFiles } from './plain-files.ts';
import { readRecordFile } from './record-file.ts';
import type { Subject } from './subject.ts';
import { documented, type Kept } from './without.ts';

/** In one run and of one dandiset: the others are compared in the next ones. */
const AT_MOST = 16;

export async function compareVersionsOf(
  context: Context,
  { id, tags }: Subject,
): Promise<Measured | Failed> {
  if (tags === null) return failed('internal', 'the tags were not looked at');
  const last = await readOrNull<Kept<typeof versions>>(context, checkPath(versions, id));
  const done = new Map(
    isForced(context)
      ? []
      : last?.versions.map((one) => [`${one.version} ${one.commit}`, one] as const),
  );
  const compared: ComparedVersion[] = [];
  const left: string[] = [];
  const known: KnownBlobs = new Map();
  let asked = 0;
  for (const { version, commit, isBroken } of tags.versions) {
    if (commit === null || isBroken) continue;
    const before = done.get(`${version} ${commit}`);
    if (before !== undefined) compared.push(before);
    else if (asked >= AT_MOST) left.push(version);
    else {
      asked++;
      const one = await compareVersion(context, { id, version, commit, known });
      if ('kind' in one) return one;
      compared.push(one);
    }
  }
  return documented(versions, id, { versions: compared, left: someOf(left) });
}

async function compareVersion(
  context: Context,
  {
    id,
    version,
    commit,
    known,
  }: {
    readonly id: string;
    readonly version: string;
    readonly commit: string;
    readonly known: KnownBlobs;
  },
): Promise<ComparedVersion | Failed> {
  const listing = await context.registry.assets(id, version, context.signal);
  if (listing.kind === 'failed') return listing;
  if (listing.kind !== 'seen') return failed('malformed', `a listed version is ${listing.kind}`);
  const tree = await context.contents.readFiles(id, commit, SMALL_BYTES, context.signal);
  if (tree.kind === 'failed') return tree;
  if (tree.kind === 'absent') return failed('malformed', 'the commit of a tag is gone');
  const { entries } = tree.value;
  const failure = await learn(context, id, known, plainFiles(entries).large);
  if (failure !== null) return failure;
  const oid = filesAt(entries, [RECORD_PATH]).get(RECORD_PATH)?.oid;
  const record = await readRecordFile(context, id, oid);
  if (record.kind === 'failed') return record;
  const { byPath } = placeAssets(listing.value);
  const { missing, extra, differing, kinds } = compareTree(byPath, entries, (oid) =>
    known.get(oid),
  );
  return {
    version,
    commit,
    assets: listing.value.length,
    missing: someOf(missing),
    extra: someOf(extra),
    differing: someOf([...differing, ...kinds].sort()),
    recorded: someOf(record.kind === 'entries' ? otherIds(byPath, record.entries) : []),
  };
}
