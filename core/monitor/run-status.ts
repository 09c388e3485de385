// status.json: how the last run ended, what it covered, and what a person must look at
// (docs/checks.md#summary). The plain page has the same text and is written with it.

import { catalogueOf } from '../documents/catalogue.ts';
import {
  MOST_SENTENCES,
  MOST_TEXT,
  type Registry,
  type RunStatus,
} from '../documents/documents.ts';
import { PLAIN_PATH, REGISTRY_PATH, STATUS_PATH } from '../documents/paths.ts';
import { plainPage } from '../documents/plain-page.ts';
import type { Row, Rows } from '../documents/rows.ts';
import { SCHEMA_VERSION } from '../documents/vocabulary.ts';
import { checkOf } from './check.ts';
import { madeBy, madeChecks, type StageContext } from './context.ts';
import { readOrNull } from './frame.ts';
import { stillHolds } from './good-for.ts';
import { isUnverified, REGISTRY_DAYS, registryFault } from './hold.ts';
import { readPublishedSummary } from './published-summary.ts';

/** What a person must look at, published or not. */
export function registryFaults(
  context: Pick<StageContext, 'now' | 'options'>,
  registry: Registry,
): readonly string[] {
  const { registryDays = REGISTRY_DAYS } = context.options;
  const fault = registryFault(registry, registryDays, context.now());
  return fault === null ? [] : [fault];
}

/** For the banner, if a run could not continue: the published results stay. */
export async function writeFailedStatus(
  context: StageContext,
  why: readonly string[],
): Promise<void> {
  const published = await readPublishedSummary(context);
  const status = runStatus(
    context,
    'failed',
    why,
    published?.lastUpdated ?? null,
    published?.datasets ?? [],
    await readOrNull<Registry>(context, REGISTRY_PATH),
  );
  await writeStatus(context, status, published);
}

/** Writes status.json, which the banner shows, and the plain page with the same text. */
export async function writeStatus(
  context: StageContext,
  status: RunStatus,
  summary: Rows | null,
): Promise<void> {
  const { archive, store, about } = context;
  const checks = await readChecksOfArchive(context);
  if (checks) status.checks = checks;
  await store.writeDocument(STATUS_PATH, status);
  const link = (id: string) => archive.link('archive', about, id);
  if (summary)
    await store.writePage(
      PLAIN_PATH,
      plainPage({ catalogue: catalogueOf(archive), summary, status, link }),
    );
}

export function runStatus(
  context: StageContext,
  outcome: RunStatus['lastRun']['outcome'],
  why: readonly string[],
  publishedAt: string | null,
  rows: readonly Row[],
  registry: Registry | null,
): RunStatus {
  const { runEveryHours: everyHours } = context.options;
  const started = Date.parse(context.runStart);
  // A clock may be set back during a run.
  const finished = Math.max(context.now().getTime(), started);
  return {
    schemaVersion: SCHEMA_VERSION,
    lastRun: {
      id: context.runStart,
      startedAt: context.runStart,
      finishedAt: new Date(finished).toISOString(),
      outcome,
      why: bounded(why),
      durationSeconds: Math.round((finished - started) / 1000),
    },
    publishedAt,
    ...(everyHours !== undefined && { everyHours }),
    datasets: rows.length,
    covered: rows.filter((row) => isCovered(context, row)).length,
    unverified: rows.filter(isUnverified).length,
    archive: context.about,
    ...(registry && {
      registry: { readAt: registry.lastChecked, lastAttempt: registry.lastAttempt },
    }),
  };
}

/** As much as status.json takes; the run's record and the log have all of it. */
function bounded(why: readonly string[]): string[] {
  const cut = why.map((text) =>
    text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text,
  );
  if (cut.length <= MOST_SENTENCES) return cut;
  const others = cut.length - (MOST_SENTENCES - 1);
  return [...cut.slice(0, MOST_SENTENCES - 1), `And ${others} more.`];
}

/** Whether every check was measured well in this run, or still holds. */
function isCovered(context: StageContext, row: Row): boolean {
  return (
    !isUnverified(row) &&
    madeChecks(context).every((id) => {
      const at = row.checks[id]?.at ?? null;
      const isOfRun = at !== null && Date.parse(at) >= Date.parse(context.runStart);
      return isOfRun || stillHolds(checkOf(context.archive, id), row.id, at, context.runStart);
    })
  );
}

/** The verdicts of the checks of the whole archive; undefined if it has none. */
async function readChecksOfArchive(
  context: StageContext,
): Promise<RunStatus['checks'] | undefined> {
  const { archive, store } = context;
  const checks: NonNullable<RunStatus['checks']> = {};
  if (archive.wholeChecks === undefined) return undefined;
  const session = await store.open(archive.id);
  for (const { id: check, stage } of archive.wholeChecks) {
    // The check is switched off, so it is unknown whether its findings still hold.
    if (!madeBy(context, stage).includes(check)) continue;
    const record = session.record(check);
    if (record === undefined) continue;
    const { status, findings, checkedAt: at, lastAttempt } = record;
    checks[check] = { status, findings: [...findings], at, lastAttempt };
  }
  return Object.keys(checks).length > 0 ? checks : undefined;
}
