// Stage 2b: which version does the export say it is? Reads dataset_description.json from the
// export; writes s3-version.json (checks.md section 4).

import type { Failed } from '../failure.ts';
import type { Registry, S3Version } from '../model/documents.ts';
import { s3VersionPath } from '../model/paths.ts';
import { NO_FACTS } from '../model/records.ts';
import { SCHEMA_VERSION } from '../model/vocabulary.ts';
import { readDescription } from '../openneuro/doi.ts';
import { judgeS3Version, s3VersionVerdict } from '../openneuro/rules/s3-version.ts';
import { withS3VersionVerdict } from '../openneuro/rules/verdicts.ts';
import type { StageContext, StageReport } from './context.ts';
import { type Flow, type Measured, readOrNull, runCheck } from './frame.ts';
import { openKnown, waitOf } from './known.ts';

export async function checkS3Version(
  context: StageContext,
  registry: Registry,
  datasets: readonly string[],
  flow?: Flow,
): Promise<StageReport> {
  const known = openKnown(context, registry);
  const last = (dataset: string) => readOrNull<S3Version>(context, s3VersionPath(dataset));

  const measure = async (dataset: string): Promise<Measured | Failed> => {
    const latest = registry.latestSnapshots[dataset] as string;
    const previous = await last(dataset);
    const answer = await context.export.readDescription(
      dataset,
      previous?.etag ?? null,
      context.signal,
    );
    switch (answer.kind) {
      case 'failed':
        return answer;
      case 'unchanged':
        // Asked only with an etag of ours, so there is a document to stand on.
        return measured(dataset, sameDescription(previous as S3Version, latest));
      case 'seen': {
        const description = readDescription(answer.value.body, dataset);
        const judged = judgeS3Version({ kind: 'read', description }, latest);
        return measured(dataset, asDocument(judged, answer.value.etag));
      }
      default:
        return measured(dataset, asDocument(judgeS3Version(answer, latest), null));
    }
  };

  return runCheck(
    context,
    {
      stage: 'check-s3-version',
      check: 's3Version',
      waitsUntil: waitOf(context, registry),
      lastRecord: (dataset) => known.record(dataset, 's3Version'),
      async lastDocument(dataset) {
        const value = await last(dataset);
        if (!value) return null;
        // Of an older system, without a verdict: it gets the one that its record is derived with.
        const latest = registry.latestSnapshots[dataset] as string;
        const judged = value.status === 'pending' ? withS3VersionVerdict(value, latest) : value;
        return { path: s3VersionPath(dataset), value: judged };
      },
      async outdated(dataset) {
        const value = await last(dataset);
        if (!value) return true;
        const latest = registry.latestSnapshots[dataset] as string;
        const now = withS3VersionVerdict(sameDescription(value, latest), latest);
        return now.status !== value.status || now.extractedVersion !== value.extractedVersion;
      },
      measure,
    },
    datasets,
    flow,
  );
}

function asDocument(judged: ReturnType<typeof judgeS3Version>, etag: string | null): S3Version {
  return { schemaVersion: SCHEMA_VERSION, ...judged, lastChecked: null, etag, lastAttempt: null };
}

/** The same description judged anew: a version assumed to be the latest moves with the latest. */
function sameDescription(previous: S3Version, latest: string): S3Version {
  const extractedVersion =
    previous.versionSource === 'assumed_latest' ? latest : previous.extractedVersion;
  const document = { ...previous, extractedVersion, lastAttempt: null };
  return { ...document, ...s3VersionVerdict(document, latest) };
}

function measured(dataset: string, document: S3Version): Measured {
  return {
    kind: 'measured',
    document: { path: s3VersionPath(dataset), value: document },
    facts: {
      ...NO_FACTS,
      status: document.status,
      subtype: document.subtype,
      version: document.extractedVersion,
    },
  };
}
