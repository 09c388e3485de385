// One check of one dataset, read or saved in its own session.

import type { CheckRecord } from '../../core/documents/records.ts';
import type { Session, Store } from '../../core/monitor/store.ts';

export const readRecord = async (
  store: Pick<Store, 'open'>,
  dataset: string,
  check: string,
): Promise<CheckRecord | undefined> => (await store.open(dataset)).record(check);

type Save = Session['save'];

export const saveCheck = async (
  store: Pick<Store, 'open'>,
  record: CheckRecord,
  document: Parameters<Save>[1],
): ReturnType<Save> => (await store.open(record.dataset)).save(record, document);

/**
 * Wraps the saves of a store's sessions for a test.
 * @returns a function that removes the wrapper
 */
export function aroundSaves(
  store: { open: (dataset: string) => Promise<Session> },
  around: (save: Save) => Save,
): () => void {
  const { open } = store;
  store.open = async (...asked) => {
    const session = await open(...asked);
    return { ...session, save: around(session.save) };
  };
  return () => {
    store.open = open;
  };
}
