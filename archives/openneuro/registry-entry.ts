// One entry of a registry's page. In the API's schema everything except ids and tags may be null,
// and a snapshot may be anything that was ever a tag. So each field is read on its own: whole
// fields are kept, and the others are reported (docs/checks.md#registry).

import * as z from 'zod';
import { titleOf } from '../../core/documents/title.ts';
import { instantSchema, shaSchema, tagSchema } from '../../core/ids.ts';
import { isDatasetId } from './ids.ts';
import { firstIssue, oneLine } from './one-line.ts';
import type { RegistryDataset, RegistrySnapshot } from './sources.ts';

/** An error of the answer about a place in the entry, like `['node', 'snapshots', 0, 'hexsha']`. */
export interface Complaint {
  readonly place: readonly (string | number)[];
  /** One line. */
  readonly message: string;
}

export type EntryReading =
  | { readonly kind: 'dataset'; readonly dataset: RegistryDataset; readonly notes: string[] }
  | { readonly kind: 'broken'; readonly id: string | null; readonly detail: string };

type SnapshotReading =
  | { readonly kind: 'whole'; readonly snapshot: RegistrySnapshot }
  /** `tagged`: it is there, and its tag is invalid here. */
  | { readonly kind: 'hidden'; readonly why: string; readonly tagged: boolean };

type Versions =
  | (Pick<RegistryDataset, 'latestSnapshot' | 'snapshots' | 'inDoubt'> & {
      /** About a snapshot that the list lacks. */
      readonly note?: string;
    })
  | { readonly contradiction: string };

const idSchema = z.string().refine(isDatasetId, 'not a dataset id');
const taggedSchema = z.object({ tag: z.string() });
const entrySchema = z.object({
  node: z.object({
    id: idSchema,
    name: z.string().transform(titleOf).nullish().catch(null),
    // Null for many; an invalid one counts as none.
    publishDate: z.iso.datetime({ offset: true }).transform(inUtc).nullish().catch(null),
    latestSnapshot: taggedSchema.loose().nullable(),
    // In the registry's own order, which is the order of creation although the dates of 18 real
    // datasets (ds002680 …) disagree: their commits were made a second time.
    snapshots: z.array(z.unknown()).nullable(),
  }),
});
const snapshotSchema = z.object({
  tag: tagSchema,
  created: z
    .union([instantSchema, z.iso.datetime({ offset: true }).transform(inUtc)])
    .nullish()
    .catch(null),
  hexsha: z.string().toLowerCase().pipe(shaSchema).nullish().catch(null),
});

/**
 * The tag under which the API shows the draft of a dataset that has no snapshot: HEAD
 * (OpenNeuroOrg/openneuro#2212), or the id of the draft's commit.
 */
const DRAFT = /^(?:HEAD|[0-9a-f]{40})$/;

/** @param complaints errors of the answer that name a place in this entry */
export function readEntry(edge: unknown, complaints: readonly Complaint[]): EntryReading {
  const reading = entrySchema.safeParse(edge);
  const grave = complaints.find(({ place }) => !isAboutOnePart(place));
  if (!reading.success || grave !== undefined) {
    const known = z.object({ node: z.object({ id: idSchema }) }).safeParse(edge);
    const said = grave ?? complaints[0];
    const detail = said?.message ?? (reading.error ? firstIssue(reading.error) : '');
    return { kind: 'broken', id: known.data?.node.id ?? null, detail };
  }

  const { id, name = null, publishDate, latestSnapshot, snapshots } = reading.data.node;
  const unusable = new Set(complaints.filter(makesSnapshotUnusable).map(({ place }) => place[2]));
  const listed = snapshots?.map((one, at) => readSnapshot(unusable.has(at) ? null : one)) ?? null;
  const versions = readVersions(latestSnapshot, listed);
  if ('contradiction' in versions) return { kind: 'broken', id, detail: versions.contradiction };
  const { note, ...told } = versions;
  const hidden = (listed ?? []).flatMap((one) => (one.kind === 'hidden' ? one.why : []));
  const more = note !== undefined && !hidden.includes(note) ? [note] : [];
  const notes = [...complaints.map(({ message }) => message), ...hidden, ...more];
  return {
    kind: 'dataset',
    dataset: { id, name, ...told, ...(publishDate && { publishDate }) },
    notes: notes.map((note) => `${id}: ${note}`),
  };
}

/** Which snapshots there are, and which one is the latest. */
function readVersions(
  latest: z.infer<typeof taggedSchema> | null,
  listed: readonly SnapshotReading[] | null,
): Versions {
  const snapshots = eachOnce(listed ?? []);
  const last = snapshots.at(-1)?.tag;
  if (latest !== null && snapshots.some(({ tag }) => tag === latest.tag)) {
    return { latestSnapshot: latest.tag, snapshots };
  }
  if (latest === null || DRAFT.test(latest.tag)) {
    if (latest === null && listed === null) return { contradiction: 'it lists no snapshots' };
    // The latest is the last one; if that cannot be read, it is not known.
    const newest = listed?.at(-1);
    if (newest?.kind !== 'hidden') return { latestSnapshot: last ?? null, snapshots };
    return newest.tagged && last !== undefined
      ? { latestSnapshot: last, snapshots, inDoubt: true }
      : { contradiction: 'its last snapshot is broken' };
  }
  if (listed === null) return { contradiction: 'it lists no snapshots' };
  const itself = readSnapshot(latest);
  if (itself.kind === 'hidden') {
    // An invalid tag hides only itself, not the dataset with its other snapshots.
    return last === undefined
      ? { contradiction: itself.why }
      : { latestSnapshot: last, snapshots, inDoubt: true, note: itself.why };
  }
  // It may be the unreadable one in the list. A whole list that lacks it contradicts it.
  return listed.some(({ kind }) => kind === 'hidden')
    ? { latestSnapshot: latest.tag, snapshots: [...snapshots, itself.snapshot] }
    : { contradiction: 'its latest snapshot is not among its snapshots' };
}

function readSnapshot(entry: unknown): SnapshotReading {
  const reading = snapshotSchema.safeParse(entry);
  if (reading.success) {
    const { tag, created = null, hexsha = null } = reading.data;
    return { kind: 'whole', snapshot: { tag, created, hexsha } };
  }
  const tagged = taggedSchema.safeParse(entry);
  const what = tagged.success
    ? `the snapshot ${JSON.stringify(oneLine(tagged.data.tag))} has a tag that can be no folder's name`
    : 'a broken snapshot';
  return { kind: 'hidden', why: `${what}; left out`, tagged: tagged.success };
}

/** A tag that is listed twice counts once; if the two name different commits, neither is known. */
function eachOnce(listed: readonly SnapshotReading[]): RegistrySnapshot[] {
  const byTag = new Map<string, RegistrySnapshot[]>();
  for (const one of listed) {
    if (one.kind === 'hidden') continue;
    const same = byTag.get(one.snapshot.tag);
    if (same === undefined) byTag.set(one.snapshot.tag, [one.snapshot]);
    else same.push(one.snapshot);
  }
  return Array.from(byTag, ([tag, same]) => {
    const told = new Set(same.flatMap(({ hexsha }) => hexsha ?? []));
    const created = same.find((one) => one.created !== null)?.created ?? null;
    return { tag, created, hexsha: told.size === 1 ? ([...told][0] as string) : null };
  });
}

/** Fields that a snapshot may lack. */
const isOptional = (field: string | number | undefined) =>
  field === 'created' || field === 'hexsha';

/** The rest of the entry is whole: GraphQL puts null where an error was. */
function isAboutOnePart([node, field, at, more]: Complaint['place']): boolean {
  if (node !== 'node') return false;
  if (field === 'latestSnapshot') return isOptional(at) && more === undefined;
  if (field === 'name' || field === 'publishDate') return true;
  return field === 'snapshots' && typeof at === 'number';
}

function makesSnapshotUnusable({ place: [, field, , leaf] }: Complaint): boolean {
  return field === 'snapshots' && !isOptional(leaf);
}

function inUtc(instant: string): string {
  return new Date(instant).toISOString();
}
