// A run of the whole pipeline over a made-up DANDI archive, over real HTTP, into a store in memory.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dandi } from '../../../../archives/dandi/index.ts';
import type { SampleServer } from '../../../../archives/dandi/sample/server.ts';
import { openFolderStore } from '../../../../bin/folder-store.ts';
import { SAMPLE_ARCHIVE } from '../../../../core/documents/provenance.ts';
import type { CheckRecord } from '../../../../core/documents/records.ts';
import { type Archive, stagesOf } from '../../../../core/monitor/archive.ts';
import type { StageOptions } from '../../../../core/monitor/context.ts';
import { type RunResult, runPipeline } from '../../../../core/monitor/run.ts';
import type { Store } from '../../../../core/monitor/store.ts';
import { sleeplessClient } from '../../../support/sample-run.ts';

export interface OpenedStore {
  readonly store: Store;
  readonly folder: string;
  /** By dandiset and check. */
  records(): Promise<ReadonlyMap<string, CheckRecord>>;
  document<T = Record<string, unknown>>(path: string): Promise<T>;
  close(): Promise<void>;
}

/** In a folder that is removed when it is closed. */
export async function openStore(now: () => Date): Promise<OpenedStore> {
  const folder = await mkdtemp(join(tmpdir(), 'mirrorwatch-dandi-'));
  const store = await openFolderStore(folder, { archive: dandi as Archive, lock: true, now });
  return {
    store,
    folder,
    async records() {
      const records = await Array.fromAsync(await store.listRecords());
      return new Map(records.map((record) => [`${record.dataset} ${record.check}`, record]));
    },
    document: async <T>(path: string) =>
      JSON.parse(await readFile(join(folder, path), 'utf8')) as T,
    async close() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What was found, as `check:subtype`, and why checks wait, as `check?reason`; by dandiset. */
export async function findingsOf(
  opened: OpenedStore,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const { dataset, check, findings, notCompared, lastAttempt } of (
    await opened.records()
  ).values()) {
    const list = found.get(dataset) ?? [];
    found.set(dataset, list);
    list.push(...findings.map((finding) => `${check}:${finding}`));
    if (notCompared !== null) list.push(`${check}?${notCompared}`);
    if (lastAttempt) list.push(`${check}!${lastAttempt.reason}`);
  }
  return new Map([...found].map(([id, list]) => [id, list.sort()]));
}

export interface DandiRun {
  readonly store: Store;
  readonly now: Date;
  /** Of an owner of embargoed dandisets. */
  readonly token?: string;
  readonly githubToken?: string;
  readonly options?: Partial<StageOptions>;
  readonly tries?: number;
  readonly datasets?: readonly string[];
}

export async function runDandi(
  { addresses }: Pick<SampleServer, 'addresses'>,
  { store, now, token, githubToken, options, tries = 3, datasets }: DandiRun,
): Promise<RunResult & { readonly errors: readonly unknown[] }> {
  const http = sleeplessClient(tries);
  const errors: unknown[] = [];
  try {
    const result = await runPipeline(
      {
        ...dandi.open({ http, addresses, tokens: { registry: token, github: githubToken } }),
        archive: dandi as Archive,
        about: SAMPLE_ARCHIVE,
        store,
        now: () => now,
        runStart: now.toISOString(),
        log: (level, event, facts) => {
          if (level === 'error') errors.push({ event, ...facts });
        },
        progress: { start: () => {}, step: () => {}, end: () => {} },
        signal: new AbortController().signal,
        options: {
          concurrency: 8,
          force: false,
          maxAge: 0,
          acceptShrink: false,
          publishAnyway: false,
          ...options,
        },
      },
      {
        datasets: datasets ? [...datasets] : null,
        maxDatasets: null,
        stages: [...stagesOf(dandi as Archive)],
        archive: ['dandi-sample'],
      },
    );
    return { ...result, errors };
  } finally {
    http.close();
  }
}
