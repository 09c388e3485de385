// The records of a tree that has none, as an older system left it: derived from its documents.

import type { Registry, Timestamps } from '../../../core/documents/documents.ts';
import { causesPath, checkPath, timesPath } from '../../../core/documents/paths.ts';
import type { LegacyRecords, Reading } from '../../../core/monitor/archive.ts';
import { readOrNull } from '../../../core/monitor/frame.ts';
import { CHECK_LIST } from '../checks/index.ts';
import type { Causes, Github, S3Diff, S3Version } from '../documents.ts';
import { diffPath, githubPath, versionPath } from '../paths.ts';
import { readSnapshots } from '../snapshots.ts';
import { type Check, OPTIONAL_CHECKS, perCheck } from '../vocabulary.ts';
import { type InsideDocuments, recordsFromDocuments } from './verdicts.ts';

/** The manifests are read once, when a dataset has no record; if all have one, never. */
export function legacyRecords(context: Reading, registry: Registry): LegacyRecords {
  let reading: Promise<Record<Check, Timestamps>> | undefined;
  return {
    async of(dataset) {
      const latest = registry.latestSnapshots[dataset];
      if (latest == null) return {};
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
        ...(await readInside(context, dataset)),
        causes: (await readOrNull<Causes>(context, causesPath(dataset))) ?? undefined,
        checkedAt: perCheck((check) => manifests[check][dataset] ?? null),
      });
    },
  };
}

/** Documents of the checks that a row may lack. */
async function readInside(context: Reading, dataset: string): Promise<InsideDocuments> {
  const documents: Record<string, object | undefined> = {};
  for (const check of CHECK_LIST) {
    if (!OPTIONAL_CHECKS.some((id) => id === check.id)) continue;
    documents[check.id] =
      (await readOrNull<object>(context, checkPath(check, dataset))) ?? undefined;
  }
  return documents;
}

async function readManifests(context: Reading): Promise<Record<Check, Timestamps>> {
  const manifests = {} as Record<Check, Timestamps>;
  for (const check of CHECK_LIST) {
    manifests[check.id] = (await readOrNull<Timestamps>(context, timesPath(check))) ?? {};
  }
  return manifests;
}
