// Stage: are the manifests in the bucket, and up to date? Asks for those of the draft and of the
// newest version, and reads one of each. Writes manifests.json.

import type { EvidenceOf } from '../../../core/documents/envelope.ts';
import { type Failed, failed } from '../../../core/failure.ts';
import { manifests } from '../checks/manifests.ts';
import { type Some, someOf } from '../checks/shapes.ts';
import { DRAFT } from '../ids.ts';
import { instantOf } from '../instant.ts';
import type { Context } from '../sources/index.ts';
import { inSlices } from './in-slices.ts';

type Evidence = EvidenceOf<typeof manifests>;

const NAMES = [
  'dandiset.jsonld',
  'dandiset.yaml',
  'assets.jsonld',
  'assets.yaml',
  'collection.jsonld',
] as const;
/** Larger ones are not compared: 000026 has 67 MB. */
const MAX_ASSETS = 32 << 20;
const MAX_DANDISET = 8 << 20;
const ASSET = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export const checkManifests = inSlices(manifests, async (context, { id, open }) => {
  const { bucket, signal } = context;
  const { draftModified, published } = open;
  const versions = [DRAFT, ...(published === null ? [] : [published.version])];
  const wanted = versions.flatMap((version) => NAMES.map((name) => ({ version, name })));
  const heads = await Promise.all(
    wanted.map(({ version, name }) =>
      bucket.head(`dandisets/${id}/${version}/${name}`, null, id, signal),
    ),
  );
  const seen: Evidence['manifests'] = [];
  for (const [at, head] of heads.entries()) {
    if (head.kind === 'failed') return head;
    const { version = '', name = '' } = wanted[at] ?? {};
    seen.push({ version, name, status: head.status, modified: head.modified });
  }
  const isThere = (version: string, name: string) =>
    seen.some((one) => one.version === version && one.name === name && one.status === 200);
  const listed = isThere(DRAFT, 'assets.jsonld') ? await compareIds(context, id) : null;
  if (listed !== null && 'kind' in listed) return listed;
  const doi =
    published !== null && isThere(published.version, 'dandiset.jsonld')
      ? await compareDoi(context, id, published.version)
      : 'not-read';
  if (typeof doi === 'object') return doi;
  const changed = (instantOf(draftModified) ?? 0) / 1_000_000;
  const behind = seen.flatMap(({ version, modified }) =>
    version === DRAFT && modified !== null ? changed - Date.parse(modified) / 1000 : [],
  );
  return {
    kind: 'evidence',
    evidence: {
      modified: draftModified,
      manifests: seen,
      extra: listed?.extra ?? null,
      missing: listed?.missing ?? null,
      doi,
      behind: Math.max(0, ...behind.map(Math.floor)),
    },
  };
});

/** Ids of the draft's assets, in its manifest and in the registry; null if it is too large. */
async function compareIds({ bucket, registry, signal }: Context, id: string) {
  const manifest = await bucket.get(`dandisets/${id}/draft/assets.jsonld`, MAX_ASSETS, id, signal);
  if (manifest.kind === 'failed') return manifest.reason === 'malformed' ? null : manifest;
  if (manifest.kind !== 'seen') return null;
  const ids = idsIn(manifest.value);
  if (ids === null) return null;
  const answer = await registry.draftAssets(id, signal);
  if (answer.kind === 'failed') return answer;
  if (answer.kind !== 'seen') return failed('malformed', `a listed dandiset is ${answer.kind}`);
  const own = new Set(answer.value.assets.map(({ assetId }) => assetId));
  const without = (some: ReadonlySet<string>, others: ReadonlySet<string>): Some =>
    someOf([...some].filter((one) => !others.has(one)).sort());
  return { extra: without(ids, own), missing: without(own, ids) };
}

function idsIn(manifest: Buffer): Set<string> | null {
  const value = parsed(manifest);
  if (!Array.isArray(value)) return null;
  return new Set(
    value.flatMap(({ id, identifier }) => ASSET.exec(String(id ?? identifier))?.[1] ?? []),
  );
}

async function compareDoi(
  { bucket, registry, signal }: Context,
  id: string,
  version: string,
): Promise<Evidence['doi'] | Failed> {
  const metadata = await registry.metadata(id, version, signal);
  if (metadata.kind === 'failed') return metadata;
  if (metadata.kind !== 'seen') return failed('malformed', `a listed version is ${metadata.kind}`);
  if (typeof metadata.value.doi !== 'string' || metadata.value.doi === '') return 'none';
  const key = `dandisets/${id}/${version}/dandiset.jsonld`;
  const manifest = await bucket.get(key, MAX_DANDISET, id, signal);
  if (manifest.kind === 'failed') return manifest;
  const value = manifest.kind === 'seen' ? parsed(manifest.value) : null;
  if (typeof value !== 'object' || value === null) return 'not-read';
  return (value as { doi?: unknown }).doi ? 'both' : 'registry-only';
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return null;
  }
}
