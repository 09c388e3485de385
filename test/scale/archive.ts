// What is known of a large archive on a day without changes, made when it is asked for: its
// registry's pages, the records in the table and the keys in the bucket.

import { openneuro } from '../../archives/openneuro/index.ts';
import { metadataPath, snapshotsPath } from '../../archives/openneuro/paths.ts';
import { idOf } from '../../archives/openneuro/sample/generate.ts';
import type { RegistrySnapshot } from '../../archives/openneuro/sources.ts';
import { checkPath } from '../../core/documents/paths.ts';
import type { CheckRecord } from '../../core/documents/records.ts';
import { SCHEMA_VERSION } from '../../core/documents/vocabulary.ts';
import { storedDocuments } from '../../core/monitor/stored-document.ts';
import { keysOf as tableKeys } from '../../lambdas/names.ts';
import { etagOf } from '../../lambdas/store/objects.ts';
import { digest } from '../../sample/bytes.ts';

/** As many as a dataset of the archive has. */
const TAGS = ['1.0.0', '1.0.1', '1.1.0'];
export const LATEST = '1.1.0';
const DAY = 86_400_000;
const FIRST_CREATED = Date.UTC(2018, 0, 1);
/** A listing of 624 files, the median. */
const FILES = 624;

/** Of documents that no step here writes. */
const OTHER_ETAG = `"${digest('md5', '')}"`;

const TABLE = tableKeys('');
const { encode } = storedDocuments(openneuro);

export const idsOf = (datasets: number): string[] =>
  Array.from({ length: datasets }, (_, place) => idOf(place)).sort();

export const nameOf = (id: string) => `Study ${id} of a length that names of studies often have`;

export function snapshotsOf(id: string): RegistrySnapshot[] {
  const first = FIRST_CREATED + Number(id.slice(2)) * 60_000;
  return TAGS.map((tag, at) => ({
    tag,
    created: new Date(first + at * DAY).toISOString(),
    hexsha: digest('sha1', `${id} ${tag}`),
  }));
}

/** A page of the registry as GraphQL answers it; the cursor is the place of its last entry. */
export function registryPage(ids: readonly string[], after: string | null, size: number): object {
  const from = after === null ? 0 : Number(after) + 1;
  const edges = ids.slice(from, from + size).map((id) => {
    const snapshots = snapshotsOf(id);
    return { node: { id, name: nameOf(id), latestSnapshot: snapshots.at(-1), snapshots } };
  });
  const last = from + edges.length - 1;
  const hasNextPage = last < ids.length - 1;
  const pageInfo = { hasNextPage, endCursor: String(last), count: ids.length };
  return { data: { datasets: { edges, pageInfo } } };
}

/** Each entry a record per check, one in ten with a finding. */
export function recordsOf(id: string, runStart: string): Readonly<Record<string, unknown>>[] {
  const checkedAt = runStart;
  return openneuro.checks.map((check) => {
    const bad = check.id === 's3Files' && Number(id.slice(2)) % 10 === 0;
    const record: CheckRecord = {
      dataset: id,
      check: check.id,
      runStart,
      status: bad ? 'error' : 'ok',
      subtype: bad ? 'files-missing' : null,
      findings: bad ? ['files-missing'] : [],
      version: LATEST,
      ...(check.id === 's3Files' && { numbers: { added: bad ? 12 : 0, removed: 0, files: FILES } }),
      notCompared: null,
      checkedAt,
      lastAttempt: null,
      rulesVersion: openneuro.rules,
    };
    return { ...TABLE.check(id, check.id), ...record, digest: OTHER_ETAG };
  });
}

/** Keys below data/ in byte order. Those that the registry gives have the etag of what it gives. */
export function keysOf(id: string): (readonly [key: string, etag: string])[] {
  const documents = openneuro.checks.map((check) => checkPath(check, id));
  const snapshots = snapshotsOf(id);
  const tags = {
    schemaVersion: SCHEMA_VERSION,
    tags: snapshots.map(({ tag }) => tag),
    snapshots: snapshots.map(({ tag, created, hexsha }) => ({ tag, created, hexsha })),
  };
  const keys: (readonly [string, string])[] = [
    ...documents.map((path) => [path, OTHER_ETAG] as const),
    [snapshotsPath(id), etagOf(encode(snapshotsPath(id), tags))],
    ...snapshots.map(({ tag, hexsha, created }) => {
      const path = metadataPath(id, tag);
      const metadata = { schemaVersion: SCHEMA_VERSION, hexsha, created };
      return [path, etagOf(encode(path, metadata))] as const;
    }),
  ];
  return keys
    .map(([path, etag]) => [`data/${path}`, etag] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
