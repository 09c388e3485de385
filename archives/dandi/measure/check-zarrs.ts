// Stage: are the zarrs of the draft in their own mirrors and in the bucket as the registry says?
// Looks at zarrs that changed, that had a fault, or whose day it is; at most so many of a dandiset.
// Writes zarrs.json.

import { fromBinary } from '../../../core/compare/byte-order.ts';
import { type Failed, failed, type Seen, seen } from '../../../core/failure.ts';
import { inParallel } from '../../../core/monitor/frame.ts';
import { turnOf } from '../../../core/monitor/good-for.ts';
import { unsettled } from '../../../core/protocols/git/refusal.ts';
import { shown, someOf } from '../checks/shapes.ts';
import { faultsOf, type ZarrEvidence, zarrs } from '../checks/zarrs.ts';
import { isUuid, zarrOfAddress } from '../ids.ts';
import { ageOf, textOf } from '../instant.ts';
import { zarrModeOf } from '../modes.ts';
import { zarrPrefix } from '../s3-address.ts';
import type { Context } from '../sources/index.ts';
import type { Asset } from '../sources/registry-answers.ts';
import { readSubmodules, type Submodules } from '../submodules.ts';
import { zarrChecksum } from '../zarr-checksum.ts';
import { inSlices } from './in-slices.ts';
import { filesAt, SMALL_BYTES, SUBMODULES_PATH } from './mirror-state.ts';
import { zarrSumOfMirror } from './zarr-mirror.ts';

/** Zarrs of one dandiset in one run; 001412 has 23,614. */
const AT_MOST = 200;
/** Days until a zarr that did not change is looked at again. */
const DAYS = 30;
/** Pages of 1,000 objects: of one zarr, and of all in one run. */
const ZARR_PAGES = 200;
const RUN_PAGES = 5000;
const AT_ONCE = 4;
const GITMODULES_BYTES = 16 << 20;
const GITLINK = 0o160000;
const MD5_ETAG = /^[0-9a-f]{32}$/;

/** Pages that a run has left. */
const budgets = new WeakMap<object, { pages: number }>();

export const checkZarrs = inSlices(zarrs, async (context, { id, mirror, last }) => {
  const { signal, runStart } = context;
  const mode = zarrModeOf(context);
  const answer = await context.registry.draftAssets(id, signal, { zarrsOnly: true });
  if (answer.kind === 'failed') return answer;
  if (answer.kind !== 'seen') return failed('malformed', `a listed dandiset is ${answer.kind}`);
  const listed = answer.value.assets.filter(({ zarr }) => zarr !== null && isUuid(zarr));
  if (listed.length === 0) {
    return { kind: 'evidence', evidence: { total: 0, zarrs: [], unverified: someOf([]) } };
  }
  const links = await readLinks(context, id, mirror?.draft as string);
  if (links.kind === 'failed') return links;

  const before = new Map(last?.zarrs.map((one) => [`${one.path}\0${one.zarr}`, one] as const));
  const kept: ZarrEvidence[] = [];
  const due: { readonly asset: Asset; readonly old: ZarrEvidence | undefined }[] = [];
  for (const asset of listed) {
    const old = before.get(`${asset.path}\0${asset.zarr}`);
    const isDue =
      old === undefined ||
      mode === 'force' ||
      old.registry !== asset.zarrChecksum ||
      old.modified !== textOf(asset.modified) ||
      old.pin !== (links.value.pins.get(asset.path) ?? null) ||
      faultsOf(old).length > 0 ||
      (mode !== 'asset-checksum' &&
        turnOf(old.zarr, DAYS, old.at) !== turnOf(old.zarr, DAYS, runStart));
    if (isDue) due.push({ asset, old });
    else kept.push(old);
  }
  const unverified: string[] = [];
  let failure: Failed | undefined;
  // Those that were never looked at come first.
  const order = due.toSorted(
    (a, b) => (a.old === undefined ? 0 : 1) - (b.old === undefined ? 0 : 1),
  );
  const chosen = order.slice(0, AT_MOST);
  for (const { old } of order.slice(AT_MOST)) if (old !== undefined) kept.push(old);
  await inParallel(AT_ONCE, chosen, signal, async ({ asset, old }) => {
    const one = await lookAt(context, { asset, old, links: links.value });
    if (one.kind === 'failed') {
      failure ??= one;
      return;
    }
    kept.push(one.value.evidence);
    if (one.value.isUnverified) unverified.push(asset.path);
  });
  signal.throwIfAborted();
  if (failure !== undefined) return failure;
  kept.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    kind: 'evidence',
    evidence: { total: listed.length, zarrs: kept, unverified: someOf(unverified.sort()) },
  };
});

interface Links {
  /** Path to the commit that the mirror has of the zarr there. */
  readonly pins: ReadonlyMap<string, string>;
  readonly submodules: Submodules;
}

async function readLinks(
  { pins: mirrors, signal }: Context,
  id: string,
  commit: string,
): Promise<Seen<Links> | Failed> {
  const tree = await mirrors.readFiles(id, commit, SMALL_BYTES, signal);
  if (tree.kind === 'failed') return tree;
  if (tree.kind === 'absent') return failed('malformed', 'the commit of draft is gone');
  const pins = new Map<string, string>();
  for (const { path, mode, oid } of tree.value.entries) {
    if (mode === GITLINK) pins.set(fromBinary(path), oid);
  }
  const file = filesAt(tree.value.entries, [SUBMODULES_PATH]).get(SUBMODULES_PATH);
  let text = file?.blob?.toString() ?? '';
  if (file !== undefined && file.blob === undefined) {
    const blobs = await mirrors.readBlobs(id, [file.oid], GITMODULES_BYTES, signal);
    if (blobs.kind === 'failed') return blobs;
    text = (blobs.kind === 'seen' && blobs.value.get(file.oid)?.toString()) || '';
  }
  const submodules = readSubmodules(text) ?? { byPath: new Map(), twice: new Set() };
  return seen({ pins, submodules });
}

interface Question {
  readonly asset: Asset;
  readonly old: ZarrEvidence | undefined;
  readonly links: Links;
}

async function lookAt(
  context: Context,
  { asset, old, links }: Question,
): Promise<Seen<{ evidence: ZarrEvidence; isUnverified: boolean }> | Failed> {
  const { path, zarrChecksum: registry, modified } = asset;
  const zarr = asset.zarr as string;
  const { submodules, pins } = links;
  const section = submodules.byPath.get(path);
  const url = section?.url ?? '';
  const own = await readZarrMirror(context, zarr, old);
  if (own.kind === 'failed') return own;
  const isAsWas =
    old?.modified === textOf(modified) &&
    old.registry === registry &&
    (old.bucket ?? registry) === registry;
  const mode = zarrModeOf(context);
  const isListed = registry !== null && (!isAsWas || mode === 'timestamp' || mode === 'force');
  const kept = { checksum: isAsWas ? old.bucket : null, odd: 0, isUnverified: false };
  const bucket = isListed
    ? await listZarr(context, zarr)
    : seen({ ...kept, newest: isAsWas ? old.newest : null });
  if (bucket.kind === 'failed') return bucket;
  const now = context.now();
  return seen({
    isUnverified: bucket.value.isUnverified,
    evidence: {
      path: shown(path),
      zarr,
      modified: textOf(modified),
      registry,
      age: ageOf(modified, now),
      pin: pins.get(path) ?? null,
      section: submodules.twice.has(path) ? 'several' : section === undefined ? 'none' : 'one',
      linked: zarrOfAddress(url),
      isSsh: /^(?:ssh:|[^/]*@)/.test(url),
      draft: own.value.draft,
      stated: own.value.stated,
      computed: own.value.computed,
      bucket: bucket.value.checksum,
      newest: bucket.value.newest,
      synced: own.value.synced,
      odd: bucket.value.odd + own.value.odd,
      at: now.toISOString(),
    },
  });
}

type OwnMirror = Pick<ZarrEvidence, 'draft' | 'stated' | 'computed' | 'synced' | 'odd'>;
const NO_MIRROR: OwnMirror = { draft: null, stated: null, computed: null, synced: null, odd: 0 };

/** The files of a commit never change: they are read once. */
async function readZarrMirror(
  context: Context,
  zarr: string,
  old: ZarrEvidence | undefined,
): Promise<Seen<OwnMirror> | Failed> {
  const { zarrMirrors, signal } = context;
  const refs = await zarrMirrors.readRefs(zarr, signal);
  if (refs.kind === 'failed') return refs;
  if (refs.kind === 'denied') return unsettled(refs);
  const draft = refs.kind === 'seen' ? (refs.value.branches.get('draft') ?? null) : null;
  if (draft === null) return seen(NO_MIRROR);
  if (old?.draft === draft && old.computed !== null && zarrModeOf(context) !== 'force') {
    const { stated, computed, synced } = old;
    return seen({ draft, stated, computed, synced, odd: 0 });
  }
  const sum = await zarrSumOfMirror(context, zarr, draft);
  if (sum.kind === 'failed') return sum;
  const { stated, synced, computed, isWhole, odd } = sum.value;
  // A file without MD5 makes another checksum: the mirror is not what it states.
  return seen({ draft, stated, synced, computed: isWhole ? computed : `${computed}+`, odd });
}

async function listZarr(context: Context, zarr: string) {
  const budget = budgets.get(context) ?? { pages: RUN_PAGES };
  budgets.set(context, budget);
  const unread = seen({ checksum: null, newest: null, odd: 0, isUnverified: true });
  if (budget.pages <= 0) return unread;
  const pages = Math.min(ZARR_PAGES, budget.pages);
  const listing = await context.bucket.list(zarrPrefix(zarr), pages, context.signal);
  if (listing.kind === 'failed') return listing;
  if (listing.value === null) {
    budget.pages -= pages;
    return unread;
  }
  budget.pages -= Math.ceil(listing.value.length / 1000) || 1;
  const files = listing.value.map(({ path, size, etag }) => ({ path, size, md5: etag }));
  // Objects uploaded in parts have no MD5.
  if (files.some(({ md5 }) => !MD5_ETAG.test(md5))) return unread;
  const { checksum, odd } = zarrChecksum(files);
  const newest = listing.value.reduce<string | null>(
    (last, { modified }) => (modified !== null && modified > (last ?? '') ? modified : last),
    null,
  );
  return seen({
    checksum: checksum as string | null,
    newest: newest === null ? null : new Date(newest).toISOString(),
    odd: odd.length,
    isUnverified: false,
  });
}
