// The simplest measurement: one request per entry, for one check, on every run. An archive that
// needs more (one reading for several checks, or data kept from the last run) uses
// core/monitor/frame.ts. A check whose good answers hold for some days (`goodForDays`) is
// re-checked on the entry's day, and whenever something else has changed.

import type { Registry } from '../documents/documents.ts';
import type { EvidenceOf } from '../documents/envelope.ts';
import { checkPath } from '../documents/paths.ts';
import type { CheckRecord } from '../documents/records.ts';
import type { Failed } from '../failure.ts';
import type { CheckDefinition } from './check.ts';
import type { StageContext, StageReport } from './context.ts';
import { readOrNull, runCheck } from './frame.ts';
import { stillHolds } from './good-for.ts';
import { openLastRecords } from './last-records.ts';
import { waitOf } from './new-entries.ts';
import type { Flow } from './stage.ts';
import { documentOf, judgedAgain, type KeptDocument, measured } from './verdict.ts';

/** What the list says of an entry; for a check of the whole archive, its id only. */
export interface ListedEntry {
  readonly id: string;
  readonly name: string | null;
  readonly version: string | null;
}

type Run<S extends object> = (
  context: StageContext & S,
  registry: Registry,
  ids: readonly string[],
  flow?: Flow,
) => Promise<StageReport>;

/** @param ask returns the evidence as seen now, or why it could not be seen */
export function askEach<S extends object, C extends CheckDefinition>(
  check: C,
  ask: (context: StageContext & S, entry: ListedEntry) => Promise<EvidenceOf<C> | Failed>,
): Run<S> {
  return (context, registry, ids, flow) => {
    const known = openLastRecords(context, registry);
    const entryOf = (id: string): ListedEntry => ({
      id,
      name: registry.names[id] ?? null,
      version: registry.latestSnapshots[id] ?? null,
    });
    const lastOf = (id: string) => readOrNull<KeptDocument>(context, checkPath(check, id));
    return runCheck(
      context,
      {
        stage: check.stage,
        check: check.id,
        waitsUntil: waitOf(context, registry),
        lastRecord: (session) => known.record(session, check.id),
        async lastDocument(id) {
          const value = await lastOf(id);
          return value && { path: checkPath(check, id), value };
        },
        async outdated({ dataset: id }) {
          const last = await lastOf(id);
          if (last === null) return true;
          const { findings } = judgedAgain(check, last, entryOf(id));
          return JSON.stringify(findings) !== JSON.stringify(last.findings);
        },
        async measure({ dataset: id }, previous) {
          const entry = entryOf(id);
          if (isStillGood(context, check, entry, previous)) return { kind: 'still-good' };
          const seen = await ask(context, entry);
          if (isFailed(seen)) return seen;
          const document = documentOf(check, id, { evidence: seen, entry });
          return measured(check, id, document, { version: entry.version });
        },
      },
      ids,
      flow,
    );
  };
}

/** Measured well by today's rules, for the same version, and the result still holds. */
function isStillGood(
  { archive, options, runStart }: StageContext,
  check: CheckDefinition,
  { id, version }: ListedEntry,
  last: CheckRecord | undefined,
): boolean {
  if (last === undefined || options.force || last.status !== 'ok' || last.lastAttempt) return false;
  const isSame = last.version === version && last.rulesVersion === archive.rules;
  return isSame && stillHolds(check, id, last.checkedAt, runStart);
}

const isFailed = (seen: object): seen is Failed => 'kind' in seen && seen.kind === 'failed';
