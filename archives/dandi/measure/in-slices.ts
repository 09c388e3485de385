// A measurement that asks about each dandiset on its day: a good answer holds for so many days, one
// with a fault is asked for again on every run.

import type { Registry } from '../../../core/documents/documents.ts';
import type { EvidenceOf } from '../../../core/documents/envelope.ts';
import { checkPath } from '../../../core/documents/paths.ts';
import type { CheckRecord } from '../../../core/documents/records.ts';
import { type Failed, failed } from '../../../core/failure.ts';
import type { Measurement } from '../../../core/monitor/archive.ts';
import type { CheckDefinition } from '../../../core/monitor/check.ts';
import { readOrNull, runCheck } from '../../../core/monitor/frame.ts';
import { stillHolds } from '../../../core/monitor/good-for.ts';
import { openLastRecords } from '../../../core/monitor/last-records.ts';
import { waitOf } from '../../../core/monitor/new-entries.ts';
import type { CheckFacts } from '../../../core/monitor/verdict.ts';
import { mirror } from '../checks/mirror.ts';
import { tags } from '../checks/tags.ts';
import { type OpenDandiset, readListed } from '../documents.ts';
import { isForced } from '../modes.ts';
import type { Context, Sources } from '../sources/index.ts';
import { documented, type Kept, without } from './without.ts';

/** A dandiset that is not embargoed, as far as it is known before the measurement. */
export interface Asked<C extends CheckDefinition> {
  readonly id: string;
  readonly open: OpenDandiset;
  readonly mirror: Kept<typeof mirror> | null;
  readonly tags: Kept<typeof tags> | null;
  readonly last: Kept<C> | null;
  readonly record: CheckRecord | undefined;
}

/** Evidence, or the reason why there was nothing to look at. */
export type Answer<C extends CheckDefinition> =
  | { readonly kind: 'evidence'; readonly evidence: EvidenceOf<C>; readonly facts?: Facts }
  | { readonly kind: 'without'; readonly reason: string }
  | { readonly kind: 'still-good' }
  | Failed;
type Facts = Pick<Partial<CheckFacts>, 'version' | 'numbers'>;

export const reason = (why: string) => ({ kind: 'without', reason: why }) as const;

/**
 * @param ask is not called while the last good answer holds
 * @param isMade whether it can be asked at all; what is not made is neither good nor bad
 */
export function inSlices<C extends CheckDefinition>(
  check: C,
  ask: (context: Context, asked: Asked<C>) => Promise<Answer<C>>,
  isMade: (context: Context) => boolean = () => true,
): Measurement<Sources>['run'] {
  return (context, registry: Registry, ids, flow) => {
    const known = openLastRecords(context, registry);
    const lastOf = (id: string) => readOrNull<Kept<C>>(context, checkPath(check, id));
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
        // What was measured in this run holds for days.
        outdated: async () => false,
        async measure({ dataset: id }, record) {
          if (!isMade(context)) return { kind: 'still-good' };
          const listed = await readListed(context, id);
          if (listed === null) return failed('internal', 'the list does not say what it is');
          if (listed.open === null) return without(check, id, 'embargoed');
          if (isStillGood(context, check, id, record)) return { kind: 'still-good' };
          const seen = await readOrNull<Kept<typeof mirror>>(context, checkPath(mirror, id));
          if (check.reasons?.['no-mirror'] && seen?.draft == null) {
            return without(check, id, 'no-mirror');
          }
          const answer = await ask(context, {
            id,
            open: listed.open,
            mirror: seen,
            tags: await readOrNull<Kept<typeof tags>>(context, checkPath(tags, id)),
            last: await lastOf(id),
            record,
          });
          if (answer.kind === 'without') return without(check, id, answer.reason);
          if (answer.kind !== 'evidence') return answer;
          return documented(check, id, answer.evidence, answer.facts);
        },
      },
      ids,
      flow,
    );
  };
}

function isStillGood(
  context: Context,
  check: CheckDefinition,
  id: string,
  last: CheckRecord | undefined,
): boolean {
  const { archive, runStart } = context;
  if (last === undefined || isForced(context) || last.status !== 'ok' || last.lastAttempt)
    return false;
  return last.rulesVersion === archive.rules && stillHolds(check, id, last.checkedAt, runStart);
}
