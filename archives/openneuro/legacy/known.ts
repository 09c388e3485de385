// What is already known of a dataset when a check begins: its snapshots, and the verdicts of last
// time, be they records of ours or documents of an older system's tree.

import type { Registry, Timestamps } from '../../../core/documents/documents.ts';
import { causesPath, timesPath } from '../../../core/documents/paths.ts';
import type { CheckRecord } from '../../../core/documents/records.ts';
import type { StageContext } from '../../../core/monitor/context.ts';
import { readOrNull } from '../../../core/monitor/frame.ts';
import { CHECK_LIST } from '../checks/index.ts';
import type {
  AnnexRecord,
  Causes,
  Github,
  Metadata,
  S3Access,
  S3Content,
  S3Diff,
  S3Version,
  Snapshots,
} from '../documents.ts';
import { type KnownSnapshot, knownHexsha } from '../entry.ts';
import {
  accessPath,
  annexRecordPath,
  contentPath,
  diffPath,
  githubPath,
  metadataPath,
  snapshotsPath,
  versionPath,
} from '../paths.ts';
import { NEW_DATASET_DAYS, waitsUntil } from '../rules/just-published.ts';
import { type Check, perCheck, type Subtype } from '../vocabulary.ts';
import { recordsFromDocuments } from './verdicts.ts';

export type CheckRecords = { readonly [C in Check]?: CheckRecord | undefined };

/** A snapshot with its time of creation; both as the registry tells them. */
export interface DatedSnapshot extends KnownSnapshot {
  /** null when the registry does not tell it. */
  readonly created: string | null;
}

/** Tags of the dataset's snapshots in order of creation. */
export async function readTags(context: StageContext, dataset: string): Promise<readonly string[]> {
  return (await readOrNull<Snapshots>(context, snapshotsPath(dataset)))?.tags ?? [];
}

/** The snapshots of a dataset in order of creation; of one without metadata only the tag is known. */
export async function readSnapshots(
  context: StageContext,
  dataset: string,
): Promise<readonly DatedSnapshot[]> {
  return readDated(context, dataset, await readTags(context, dataset));
}

/** Snapshots that the mirror's tags do not show at the registry's commit, by what was found of the mirror. */
export async function readStrays(
  context: StageContext,
  dataset: string,
  { findings }: Pick<Github, 'findings'>,
): Promise<readonly DatedSnapshot[]> {
  const tags = findings.flatMap((finding) => (STRAY.has(finding.subtype) ? finding.tags : []));
  return readDated(context, dataset, tags);
}
const STRAY: ReadonlySet<Subtype<'github'>> = new Set([
  'tag-missing',
  'sha-mismatch',
  'older-tag-missing',
]);

async function readDated(
  context: StageContext,
  dataset: string,
  tags: readonly string[],
): Promise<readonly DatedSnapshot[]> {
  const snapshots: DatedSnapshot[] = [];
  for (const tag of tags) {
    const metadata = await readOrNull<Metadata>(context, metadataPath(dataset, tag));
    const { created = null } = metadata ?? {};
    snapshots.push({ tag, hexsha: metadata && knownHexsha(metadata), created });
  }
  return snapshots;
}

/**
 * From when on all findings of a dataset count; null when they do already. By the start of the run, so
 * that its checks agree.
 */
export function waitOf({ options, runStart }: StageContext, registry: Registry) {
  const { newDatasetDays = NEW_DATASET_DAYS } = options;
  return (dataset: string) => waitsUntil(registry.published?.[dataset], newDatasetDays, runStart);
}

export interface Known {
  /** The record of last time; for a tree of an older system what its documents amount to. */
  record(dataset: string, check: Check): Promise<CheckRecord | undefined>;
  /** What the documents alone amount to. */
  derived(dataset: string): Promise<CheckRecords>;
}

/** The manifests are read once, when a dataset has no record: where all have, nobody needs them. */
export function openKnown(context: StageContext, registry: Registry): Known {
  let reading: Promise<Record<Check, Timestamps>> | undefined;
  const derived = async (dataset: string): Promise<CheckRecords> => {
    const latest = registry.latestSnapshots[dataset];
    if (latest === undefined) return {};
    const github = await readOrNull<Github>(context, githubPath(dataset));
    const s3Version = await readOrNull<S3Version>(context, versionPath(dataset));
    const s3Diff = await readOrNull<S3Diff>(context, diffPath(dataset));
    if (!github && !s3Version && !s3Diff) return {};
    reading ??= readManifests(context);
    const manifests = await reading;
    return recordsFromDocuments(dataset, {
      latest,
      snapshots: await readSnapshots(context, dataset),
      github: github ?? undefined,
      s3Version: s3Version ?? undefined,
      s3Diff: s3Diff ?? undefined,
      s3Content: (await readOrNull<S3Content>(context, contentPath(dataset))) ?? undefined,
      s3Access: (await readOrNull<S3Access>(context, accessPath(dataset))) ?? undefined,
      annexRecord: (await readOrNull<AnnexRecord>(context, annexRecordPath(dataset))) ?? undefined,
      causes: (await readOrNull<Causes>(context, causesPath(dataset))) ?? undefined,
      checkedAt: perCheck((check) => manifests[check][dataset] ?? null),
    });
  };
  return {
    derived,
    record: async (dataset, check) =>
      (await context.store.readRecord(dataset, check)) ?? (await derived(dataset))[check],
  };
}

async function readManifests(context: StageContext): Promise<Record<Check, Timestamps>> {
  const manifests = {} as Record<Check, Timestamps>;
  for (const check of CHECK_LIST) {
    manifests[check.id] = (await readOrNull<Timestamps>(context, timesPath(check))) ?? {};
  }
  return manifests;
}
