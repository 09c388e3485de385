// A mirror that answers 403 without a reason. It may be closed, or the host may be limiting us.
// Only the host's answers to other requests at the same time can tell (docs/checks.md#unverified).

import { type Denied, DISABLED, type Failed } from '../../../core/failure.ts';
import { unsettled } from '../../../core/protocols/git/refusal.ts';
import type { MirrorSource } from '../../../core/protocols/sources.ts';
import type { Context } from '../sources.ts';

type RefsAnswer = Awaited<ReturnType<MirrorSource['readRefs']>>;

/** Mirrors that are tried before all are taken to be refused. */
const CONTROLS = 3;
/** A host closes single repositories. With more refusals in a run, it is refusing us. */
const MAX_SETTLED = 5;

/**
 * Settles such refusals: `disabled` when another mirror is answered after the refusal and this one
 * is then refused again.
 * @param ids datasets whose mirrors may be asked for
 */
export function createRefusalSettler(context: Context, ids: readonly string[]) {
  let left = MAX_SETTLED;

  const othersAnswer = async (dataset: string): Promise<boolean> => {
    const at = ids.indexOf(dataset);
    const others = [...ids.slice(at + 1), ...ids.slice(0, Math.max(at, 0))].slice(0, CONTROLS);
    for (const other of others) {
      const answer = await context.mirror.readRefs(other, context.signal);
      if (answer.kind === 'seen') return true;
      if (answer.kind === 'failed') return false;
    }
    return false;
  };

  return async (
    dataset: string,
    refusal: Denied,
  ): Promise<Exclude<RefsAnswer, Denied> | Failed> => {
    if (left === 0) return unsettled(refusal);
    left -= 1;
    if (!(await othersAnswer(dataset))) {
      // No other mirror is tried either: a host that refuses everything gets no more requests.
      left = 0;
      return unsettled(refusal);
    }
    const again = await context.mirror.readRefs(dataset, context.signal);
    if (again.kind === 'denied') return DISABLED;
    left += 1;
    return again;
  };
}
