// The store of a run on AWS, in memory: the contract of lambdas/run-store.ts, for tests of the
// steps and of the state machine.

import type { RunRecord } from '../../core/documents/records.ts';
import { LOCK_MS, type RunStore } from '../../lambdas/run-store.ts';
import { documentEtag } from '../../lambdas/store/documents.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';

export interface MemoryRunStore extends RunStore, Omit<MemoryStore, 'open'> {
  readonly runFiles: Map<string, string>;
  readonly runs: Map<string, RunRecord>;
  /** The current holder of the lock. */
  holder(now: Date): string | null;
}

/** @param now as for memoryStore */
export function memoryRunStore(now?: () => Date): MemoryRunStore {
  const runFiles = new Map<string, string>();
  const runs = new Map<string, RunRecord>();
  let lock: { name: string; start: string; until: number } | undefined;
  const base = memoryStore(now);
  const newest = () => [...runs.values()].sort((a, b) => (a.runStart < b.runStart ? 1 : -1));

  return {
    ...base,
    runFiles,
    runs,
    holder: (now) => (lock && lock.until > now.getTime() ? lock.name : null),
    async holdLock({ name, start }, now, over) {
      const mine = lock === undefined || lock.name === name;
      const isFree = lock && (lock.until < now.getTime() || lock.name === over);
      if (lock && !mine && !(isFree && lock.start < start)) {
        return { held: false, by: lock.name };
      }
      lock = { name, start, until: now.getTime() + LOCK_MS };
      return { held: true };
    },
    async releaseLock({ name }) {
      if (lock?.name === name) lock = { ...lock, until: 0 };
    },
    async open(dataset, _handed, onSaved) {
      const session = await base.open(dataset);
      return {
        ...session,
        async save(record, document) {
          const outcome = await session.save(record, document);
          const text = document && base.documents.get(document.path);
          if (document && outcome !== 'older')
            onSaved?.(document.path, text ? Buffer.from(text) : null);
          return outcome;
        },
        document: () => undefined,
        state() {
          const own = [...base.records.values()].filter((record) => record.dataset === dataset);
          return { records: Object.fromEntries(own.map((record) => [record.check, record])) };
        },
      };
    },
    listArchives: async () => {},
    runsPrefix: 'runs/',
    listEtags: async () => null,
    etagOf: documentEtag,
    readLastRun: async () => newest()[0],
    listRuns: async (most) => newest().values().take(most),
    async writeRun(run) {
      runs.set(run.runStart, run);
    },
    async endRun(run) {
      const { outcome = 'running', finishedAt } = runs.get(run.runStart) ?? {};
      const isSame = outcome === run.outcome && finishedAt === run.finishedAt;
      if (outcome !== 'running' && !isSame) return false;
      runs.set(run.runStart, run);
      return true;
    },
    async readRunFile(key) {
      const text = runFiles.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async writeRunFile(key, value) {
      runFiles.set(key, JSON.stringify(value));
    },
    listRunFiles: async (prefix) => [...runFiles.keys()].filter((k) => k.startsWith(prefix)).sort(),
  };
}
