// Are the zarrs of the draft in the mirror, in their own mirrors and in the bucket as the registry
// says? (C10, C11, C12)

import * as z from 'zod';
import { defineCheck } from '../../../core/monitor/check.ts';
import { HOUR } from './mirror.ts';
import { count, error, instant, some, text, time, warning } from './shapes.ts';

const BACKUP = 'Run the backup for this zarr.';
const FINDINGS = {
  'submodule-broken': error(
    'Zarr without submodule',
    'The mirror has a commit of a zarr and no section for it in .gitmodules, or two of one name.',
    'Correct .gitmodules of the mirror.',
  ),
  'zarr-differs': error(
    'Another zarr',
    'The mirror links to another zarr than the one that the draft lists.',
    'Run the backup with --mode force for this dandiset.',
  ),
  'zarr-stale': error(
    'Zarr mirror is old',
    "The checksum in the zarr's mirror is not that of the registry.",
    BACKUP,
  ),
  'zarr-corrupt': error(
    'Zarr mirror contradicts itself',
    "The files of the zarr's mirror do not have the checksum that it states.",
    BACKUP,
  ),
  'zarr-unfinished': error(
    'Zarr mirror unfinished',
    'The mirror of the zarr is missing or states no checksum.',
    BACKUP,
  ),
  'zarr-s3-differs': error(
    'Zarr in the bucket differs',
    'The objects of the zarr in the bucket do not have the checksum that the registry states.',
    "Have the archive compute the zarr's checksum again.",
  ),
  'zarr-pin-stale': warning(
    'Old commit of a zarr',
    "The mirror links to an older commit of the zarr's mirror.",
    'Run the backup for this dandiset.',
  ),
  'zarr-url-ssh': warning(
    'Zarr cannot be cloned by all',
    'The address of a zarr in .gitmodules is for SSH, which needs an account.',
    'Write its address for HTTPS into .gitmodules.',
  ),
  'zarr-stuck': warning(
    'Zarr not ingested for a day',
    'The registry has had no checksum for a zarr for more than a day.',
    'Finish the upload, or have the archive ingest the zarr.',
  ),
  'odd-key': warning(
    'Odd keys in a zarr',
    'A zarr has keys with an empty part or a part that is a dot, which its checksum leaves out.',
    'Delete these objects, and upload the files again.',
    'owner',
  ),
};
type Name = keyof typeof FINDINGS;

const checksum = z.string().max(128);

const zarrSchema = z.object({
  path: text,
  zarr: z.string().max(64),
  /** When the asset last changed. */
  modified: time,
  /** The checksum that the registry states; null until it is ingested. */
  registry: checksum.nullable(),
  /** Seconds since the asset changed, at the measurement. */
  age: z.int(),
  /** The commit that the mirror has of it; null if it has none. */
  pin: z.string().nullable(),
  section: z.enum(['none', 'one', 'several']),
  /** The zarr that the address in .gitmodules names. */
  linked: z.string().nullable(),
  isSsh: z.boolean(),
  /** The zarr's own mirror. */
  draft: z.string().nullable(),
  /** The checksum that it states, and that of its files; null if not read or not there. */
  stated: checksum.nullable(),
  computed: checksum.nullable(),
  /** The checksum of the objects in the bucket; null if they were not listed or not comparable. */
  bucket: checksum.nullable(),
  /** When the newest object in the bucket was written, and the newest that the mirror has read. */
  newest: instant.nullable(),
  synced: instant.nullable(),
  /** Keys with odd parts, of those that were read. */
  odd: count,
  /** When its own mirror was looked at, in UTC. */
  at: instant,
});
export type ZarrEvidence = z.infer<typeof zarrSchema>;

const evidence = z.object({
  /** Zarrs of the draft. */
  total: count,
  /** Those that were looked at in this run or in one of the last. */
  zarrs: z.array(zarrSchema),
  /** Zarrs whose objects have checksums that cannot be compared. */
  unverified: some,
});
type Evidence = z.infer<typeof evidence>;

const DAY = 24 * HOUR;
const EXPECTED = 6 * HOUR;

/** All faults of one zarr. A mirror that does not have the zarr at all is a fault of the files. */
export function faultsOf(seen: ZarrEvidence): readonly Name[] {
  const { pin, section, linked, zarr, registry, stated, computed, bucket, draft } = seen;
  const faults: Name[] = [];
  if (pin !== null) {
    if (section !== 'one') faults.push('submodule-broken');
    else if (linked !== zarr) faults.push('zarr-differs');
    else if (draft !== null && draft !== pin) faults.push('zarr-pin-stale');
    if (section === 'one' && seen.isSsh) faults.push('zarr-url-ssh');
  }
  if (registry === null) {
    if (seen.age > DAY) faults.push('zarr-stuck');
  } else {
    if (isOnItsWay(seen)) {
      // The tool need not have been there yet.
    } else if (draft === null || stated === null) faults.push('zarr-unfinished');
    else if (stated !== registry || isNewerInBucket(seen)) faults.push('zarr-stale');
    if (bucket !== null && bucket !== registry) faults.push('zarr-s3-differs');
  }
  if (stated !== null && computed !== null && computed !== stated) faults.push('zarr-corrupt');
  if (seen.odd > 0) faults.push('odd-key');
  return faults;
}

/** The registry and the mirror differ, and the zarr changed less than six hours ago. */
const isOnItsWay = ({ draft, stated, registry, age }: ZarrEvidence): boolean =>
  (draft === null || stated !== registry) && age <= EXPECTED;

const isNewerInBucket = ({ newest, synced }: ZarrEvidence): boolean =>
  newest !== null && synced !== null && Date.parse(newest) > Date.parse(synced);

const ORDER = Object.keys(FINDINGS) as Name[];

export const zarrs = defineCheck({
  id: 'zarrs',
  file: 'zarrs',
  title: "A dandiset's zarrs: registry, mirrors and bucket",
  of: 'contents',
  stage: 'check-zarrs',
  words: {
    name: 'Zarrs',
    asks: 'Are the zarrs of the draft in their mirrors and in the bucket as the registry says?',
    ok: 'The zarrs that were looked at are as the registry says.',
  },
  findings: FINDINGS,
  isOfComparisons: true,
  reasons: { 'zarr-ingesting': {}, lag: {}, 'zarr-unverified': {}, embargoed: {}, 'no-mirror': {} },
  evidence,
  judge(seen: object) {
    const found = new Set((seen as Evidence).zarrs.flatMap(faultsOf));
    return ORDER.filter((name) => found.has(name));
  },
  reasonOf(seen: object) {
    const { zarrs, unverified } = seen as Evidence;
    if (zarrs.some(({ registry }) => registry === null)) return 'zarr-ingesting';
    if (zarrs.some(isOnItsWay)) return 'lag';
    return unverified.count > 0 ? 'zarr-unverified' : null;
  },
});
