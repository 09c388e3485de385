// A check's result: a document with its evidence, or the reason why there was nothing to look at.

import type { EvidenceOf } from '../../../core/documents/envelope.ts';
import type { CheckDefinition } from '../../../core/monitor/check.ts';
import {
  type CheckFacts,
  documentOf,
  type KeptDocument,
  type Measured,
  measured,
} from '../../../core/monitor/verdict.ts';

/** A kept document of a check. */
export type Kept<C extends CheckDefinition> = EvidenceOf<C> & KeptDocument;

export function documented<C extends CheckDefinition>(
  check: C,
  id: string,
  evidence: EvidenceOf<C>,
  facts: Pick<Partial<CheckFacts>, 'version' | 'numbers'> = {},
): Measured {
  const document = documentOf(check, id, { evidence, entry: null });
  return measured(check, id, document, facts);
}

/** There was nothing to look at; the check has `isOfComparisons`. */
export function without(check: CheckDefinition, id: string, notCompared: string): Measured {
  return measured(check, id, null, { notCompared });
}
