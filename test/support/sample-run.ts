// A run of the whole pipeline against a sample archive over real HTTP, into any store.

import { type ArchiveOptions, openArchive } from '../../archives/openneuro/archive.ts';
import { openneuro } from '../../archives/openneuro/index.ts';
import type { AboutArchive } from '../../core/documents/documents.ts';
import { REPLAYED_ARCHIVE, SAMPLE_ARCHIVE } from '../../core/documents/provenance.ts';
import type { Clock } from '../../core/http/clock.ts';
import { createHttpClient, type HttpClient } from '../../core/http.ts';
import type { Stage, StageOptions } from '../../core/monitor/context.ts';
import { type RunResult, runPipeline } from '../../core/monitor/run.ts';
import type { Store } from '../../core/monitor/store.ts';
import { sleeplessClock } from './clock.ts';
import { STAGES } from './stages.ts';

export interface SampleRunOptions {
  readonly store: Store;
  /** Names the run; a later run replaces an earlier one. */
  readonly day: number;
  readonly datasets?: readonly string[];
  readonly stages?: readonly Stage[];
  /** What the results say of the archive; by default, that it is the sample. */
  readonly about?: AboutArchive;
  readonly options?: Partial<StageOptions>;
  /** Clock for deadlines; by default real ones, far away. */
  readonly clock?: Clock;
  readonly tries?: number;
}

/** Options for a run over a replayed archive: what was not recorded is not checked. */
export const REPLAY = {
  about: REPLAYED_ARCHIVE,
  options: { publishAnyway: true, checks: new Set<string>() },
};

/** A client that never sleeps, for archives that are made to fail. */
export function sleeplessClient(tries = 1, clock = sleeplessClock()): HttpClient {
  return createHttpClient({ clock, retry: { tries, budget: 100_000 } });
}

export async function runSample(
  server: Omit<ArchiveOptions, 'http'>,
  { store, day, datasets, stages = STAGES, about = SAMPLE_ARCHIVE, ...more }: SampleRunOptions,
): Promise<RunResult> {
  const http = sleeplessClient(more.tries, more.clock);
  const start = Date.UTC(2026, 7, 1 + day);
  const began = performance.now();
  try {
    return await runPipeline(
      {
        ...openArchive({ http, ...server }),
        archive: openneuro,
        about,
        store,
        now: () => new Date(start + Math.round(performance.now() - began)),
        runStart: new Date(start).toISOString(),
        log: () => {},
        progress: { start: () => {}, step: () => {}, end: () => {} },
        signal: new AbortController().signal,
        options: {
          concurrency: 16,
          force: false,
          maxAge: 0,
          acceptShrink: false,
          publishAnyway: false,
          // Tests count the requests.
          secondReadings: 0,
          ...more.options,
        },
      },
      {
        datasets: datasets ? [...datasets] : null,
        maxDatasets: null,
        stages: [...stages],
        archive: ['sample'],
      },
    );
  } finally {
    http.close();
  }
}
