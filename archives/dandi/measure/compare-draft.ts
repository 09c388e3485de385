// The draft of a dandiset against its mirror: assets, record, metadata, embargo.

import { checkPath } from '../../../core/documents/paths.ts';
import { type Failed, failed } from '../../../core/failure.ts';
import { type Companion, readOrNull } from '../../../core/monitor/frame.ts';
import type { Measured } from '../../../core/monitor/verdict.ts';
import { assets } from '../checks/assets.ts';
import { embargo } from '../checks/embargo.ts';
import { listing } from '../checks/listing.ts';
import { metadata } from '../checks/metadata.ts';
import { isOnItsWay } from '../checks/mirror.ts';
import { type RecordEvidence, record } from '../checks/record.ts';
import { NONE, someOf } from '../checks/shapes.ts';
import { DRAFT } from '../ids.ts';
import { ageOf, instantOf } from '../instant.ts';
import { isForced } from '../modes.ts';
import { METADATA_PATH, type PlacedAssets, placeAssets } from '../rules/asset-paths.ts';
import { compareRecord } from '../rules/compare-record.ts';
import { compareTree } from '../rules/compare-tree.ts';
import { listingEvidence } from '../rules/listing-faults.ts';
import { accessOf, metadataDigest, yamlDigest } from '../rules/metadata-digest.ts';
import type { Context } from '../sources/index.ts';
import { learn, readKnown, writeKnown } from './known-blobs.ts';
import { embargoOf, filesAt, RECORD_PATH, SETTINGS_PATH, SMALL_BYTES } from './mirror-state.ts';
import { plainFiles } from './plain-files.ts';
import { readRecordFile } from './record-file.ts';
import type { Subject } from './subject.ts';
import { documented, type Kept, without } from './without.ts';

/** A draft that changed so recently is being changed; seconds. */
const SETTLING = 30;

export interface ComparedDraft {
  readonly kind: 'compared';
  readonly main: Measured;
  readonly also: readonly Companion[];
}

export async function compareDraft(
  context: Context,
  subject: Subject,
  last: Kept<typeof assets> | null,
): Promise<ComparedDraft | Failed> {
  const { id, mirror } = subject;
  const { signal } = context;
  const commit = mirror.draft as string;
  const answer = await context.registry.draftAssets(id, signal);
  if (answer.kind === 'failed') return answer;
  if (answer.kind !== 'seen') return failed('malformed', `a listed dandiset is ${answer.kind}`);
  const { dandiset, assets: listed } = answer.value;
  const { modified } = dandiset.draft;
  const lag = ageOf(instantOf(modified) ?? 0, context.now());
  if (dandiset.embargo !== 'OPEN' || lag < SETTLING) {
    return waiting(id, dandiset.embargo === 'OPEN' ? 'settling' : 'embargoed');
  }
  const document = await context.registry.metadata(id, DRAFT, signal);
  if (document.kind === 'failed') return document;
  if (document.kind !== 'seen') return failed('malformed', `the metadata is ${document.kind}`);

  const tree = await context.contents.readFiles(id, commit, SMALL_BYTES, signal);
  if (tree.kind === 'failed') return tree;
  if (tree.kind === 'absent') return failed('malformed', 'the commit of draft is gone');
  const { entries } = tree.value;
  const own = filesAt(entries, [RECORD_PATH, METADATA_PATH, SETTINGS_PATH]);
  const known = await readKnown(context, isForced(context) ? null : (last?.commit ?? null));
  const plain = plainFiles(entries);
  const failure = await learn(context, id, known, plain.large);
  if (failure !== null) return failure;

  const before = await readOrNull<Kept<typeof listing>>(context, checkPath(listing, id));
  const placed = placeAssets(listed);
  const compared = compareTree(placed.byPath, entries, (oid) => known.get(oid));
  await writeKnown(context, commit, known, plain.large);
  const isBehind = isOnItsWay({ state: mirror.state, modified }, lag);
  const about = { commit, isOnItsWay: isBehind };
  const recorded = await recordEvidence(context, id, about, own.get(RECORD_PATH)?.oid, placed);
  const described = own.get(METADATA_PATH);
  const yaml = described && (await readText(context, id, described));
  if (typeof yaml === 'object') return yaml;

  const seen = {
    modified,
    ...about,
    assets: listed.length,
    files: compared.files,
    missing: someOf(compared.missing),
    extra: someOf(compared.extra),
    differing: someOf(compared.differing),
    kinds: someOf(compared.kinds),
    backends: someOf(compared.backends),
    unread: someOf(compared.unread),
    behindUnhashed: someOf(compared.behindUnhashed),
  };
  const numbers = {
    missing: compared.missing.length,
    extra: compared.extra.length,
    differing: compared.differing.length,
    assets: listed.length,
  };
  const settings = own.get(SETTINGS_PATH);
  return {
    kind: 'compared',
    main: documented(assets, id, seen, { numbers }),
    also: [
      {
        check: 'listing',
        result: documented(
          listing,
          id,
          listingEvidence({ modified, assets: listed, placed, now: context.now(), last: before }),
        ),
      },
      {
        check: 'record',
        result: 'reason' in recorded ? recorded : documented(record, id, recorded),
      },
      {
        check: 'metadata',
        result: documented(metadata, id, {
          ...about,
          registry: metadataDigest(document.value),
          mirror: yaml === undefined ? null : await yamlDigest(yaml),
        }),
      },
      {
        check: 'embargo',
        result: documented(embargo, id, {
          registry: dandiset.embargo,
          metadata: accessOf(document.value),
          config: settings === undefined ? null : embargoOf(settings),
          repository: mirror.repository === 'readable' ? 'open' : null,
          superdataset: ACCESS[subject.superdataset?.access ?? ''] ?? null,
          lag,
        }),
      },
    ],
  };
}

const ACCESS: Readonly<Record<string, 'open' | 'embargoed'>> = {
  public: 'open',
  private: 'embargoed',
};

function waiting(id: string, reason: 'settling' | 'embargoed'): ComparedDraft {
  const beside = [listing, record, metadata, embargo];
  return {
    kind: 'compared',
    main: without(assets, id, reason),
    also: beside.map((check) => ({ check: check.id, result: without(check, id, reason) })),
  };
}

/** Of the mirror's record of assets. */
async function recordEvidence(
  context: Context,
  id: string,
  about: Pick<RecordEvidence, 'commit' | 'isOnItsWay'>,
  oid: string | undefined,
  placed: PlacedAssets,
): Promise<RecordEvidence | Failed> {
  const read = await readRecordFile(context, id, oid);
  if (read.kind === 'failed') return read;
  if (read.kind !== 'entries') {
    return {
      ...{ ...about, shape: read.kind, why: read.kind === 'corrupt' ? read.why : null, entries: 0 },
      ...{ missing: NONE, extra: NONE, changed: NONE, behindUnhashed: NONE },
    };
  }
  const compared = compareRecord(placed.all, read.entries);
  return {
    ...about,
    shape: 'entries',
    why: null,
    entries: read.entries.size,
    missing: someOf(compared.missing),
    extra: someOf(compared.extra),
    changed: someOf(compared.changed),
    behindUnhashed: someOf(compared.behindUnhashed),
  };
}

/** The metadata of a version has some KB. */
const MAX_TEXT = 8 << 20;

async function readText(
  { contents, signal }: Context,
  id: string,
  { oid, blob }: { readonly oid: string; readonly blob: Buffer | undefined },
): Promise<string | Failed | undefined> {
  if (blob !== undefined) return blob.toString();
  const answer = await contents.readBlobs(id, [oid], MAX_TEXT, signal);
  if (answer.kind === 'failed') return answer;
  return answer.kind === 'seen' ? answer.value.get(oid)?.toString() : undefined;
}
