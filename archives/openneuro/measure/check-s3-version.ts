// Stage 2b: which version does the export say it is? Reads dataset_description.json from the
// export; writes s3-version.json (docs/checks.md#version).

import type { Registry } from '../../../core/documents/documents.ts';
import type { Failed } from '../../../core/failure.ts';
import type { StageReport } from '../../../core/monitor/context.ts';
import { readOrNull, runCheck } from '../../../core/monitor/frame.ts';
import { openLastRecords } from '../../../core/monitor/last-records.ts';
import { waitOf } from '../../../core/monitor/new-entries.ts';
import type { Flow } from '../../../core/monitor/stage.ts';
import type { Session } from '../../../core/monitor/store.ts';
import { type Measured, measured } from '../../../core/monitor/verdict.ts';
import { s3Version } from '../checks/s3-version.ts';
import type { S3Version } from '../documents.ts';
import { isWholeField, readDescription } from '../doi.ts';
import { withS3VersionVerdict } from '../legacy/verdicts.ts';
import { versionPath } from '../paths.ts';
import { answerOf, type DescriptionAnswer, versionDocument } from '../rules/s3-version.ts';
import { RULES_VERSION } from '../rules-version.ts';
import { readTags } from '../snapshots.ts';
import type { Context } from '../sources.ts';

export async function checkS3Version(
  context: Context,
  registry: Registry,
  datasets: readonly string[],
  flow?: Flow,
): Promise<StageReport> {
  const known = openLastRecords(context, registry);
  const last = (dataset: string) => readOrNull<S3Version>(context, versionPath(dataset));

  const judge = async (dataset: string, answer: DescriptionAnswer, etag: string | null) => {
    const latest = registry.latestSnapshots[dataset] as string;
    const byLatest = versionDocument(dataset, answer, { latest, tags: [latest] }, etag);
    // The other tags matter only to a version that is not the latest.
    if (byLatest.status !== 'version-mismatch') return byLatest;
    return versionDocument(
      dataset,
      answer,
      { latest, tags: await readTags(context, dataset) },
      etag,
    );
  };
  /** An unchanged description, read and judged again. */
  const judgeAgain = (dataset: string, document: S3Version) =>
    judge(dataset, answerOf(document, dataset), document.etag);

  const measure = async ({ dataset }: Session): Promise<Measured | Failed> => {
    const previous = await last(dataset);
    const etag = previous && mayBeUnchanged(context, previous) ? previous.etag : null;
    const answer = await context.export.readDescription(dataset, etag, context.signal);
    switch (answer.kind) {
      case 'failed':
        return answer;
      case 'unchanged':
        // Requested only with an etag of ours, so a document exists.
        return asMeasured(dataset, await judgeAgain(dataset, previous as S3Version));
      case 'seen': {
        const description = readDescription(answer.value.body, dataset);
        const seen = { kind: 'read', description } as const;
        return asMeasured(dataset, await judge(dataset, seen, answer.value.etag));
      }
      default:
        return asMeasured(dataset, await judge(dataset, answer, null));
    }
  };

  return runCheck(
    context,
    {
      stage: 'check-s3-version',
      check: 's3Version',
      waitsUntil: waitOf(context, registry),
      lastRecord: (session) => known.record(session, 's3Version'),
      async lastDocument(dataset) {
        const value = await last(dataset);
        if (!value) return null;
        // From an older system, without a verdict: it gets the one that its record is derived with.
        const latest = registry.latestSnapshots[dataset] as string;
        const judged = value.status === 'pending' ? withS3VersionVerdict(value, latest) : value;
        return { path: versionPath(dataset), value: judged };
      },
      async outdated({ dataset }) {
        const value = await last(dataset);
        if (!value) return true;
        const again = { ...(await judgeAgain(dataset, value)), pending: value.pending };
        const now = withS3VersionVerdict(again, registry.latestSnapshots[dataset] as string);
        return now.status !== value.status || now.extractedVersion !== value.extractedVersion;
      },
      measure,
    },
    datasets,
    flow,
  );
}

/**
 * Whether the kept description can be judged again. A cut text cannot, nor can one that was read by
 * other rules; and --force asks for all of it.
 */
function mayBeUnchanged({ options }: Context, previous: S3Version): boolean {
  const isWhole = isWholeField(previous.datasetDescriptionDOI);
  return isWhole && previous.rulesVersion === RULES_VERSION && !options.force;
}

const asMeasured = (dataset: string, document: S3Version): Measured =>
  measured(s3Version, dataset, document, { version: document.extractedVersion });
