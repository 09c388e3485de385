// What is known of an entry when a measurement begins: the records of the last run, or records
// derived from documents if the tree has none.

import type { Registry } from '../documents/documents.ts';
import type { CheckRecord } from '../documents/records.ts';
import type { StageContext } from './context.ts';
import type { Session } from './store.ts';

export type Records = Readonly<Record<string, CheckRecord | undefined>>;

export interface LastRecords {
  /** The record of the last run. */
  record(session: Session, check: string): Promise<CheckRecord | undefined>;
  /** Records derived from documents only. */
  derived(id: string): Promise<Records>;
}

export function openLastRecords(context: StageContext, registry: Registry): LastRecords {
  const legacy = context.archive.legacy?.(context, registry);
  const derived = async (id: string): Promise<Records> => (await legacy?.of(id)) ?? {};
  return {
    derived,
    record: async (session, check) =>
      session.record(check) ?? (await derived(session.dataset))[check],
  };
}
