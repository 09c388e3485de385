// Documents and records that the store's tests write.

import type { Github, S3Diff } from '../../archives/openneuro/documents.ts';
import type { CheckRecord, RunRecord } from '../../core/documents/records.ts';
import { SCHEMA_VERSION } from '../../core/documents/vocabulary.ts';

const SHA = 'a'.repeat(40);

/** The start of the n-th run; a later run's is greater. */
export const runStart = (n: number) => new Date(Date.UTC(2026, 7, 1, 0, n)).toISOString();

export function githubDocument(head: string): Github {
  return {
    schemaVersion: SCHEMA_VERSION,
    head,
    branches: { [head]: SHA, ['__proto__']: SHA, '1': SHA },
    tags: { '1.0.0': SHA },
    lastChecked: null,
    error: null,
    annotated: {},
    status: 'ok',
    subtype: null,
    findings: [],
    lastAttempt: null,
  };
}

export function checkRecord(dataset: string, run: number, more: Partial<CheckRecord> = {}) {
  return {
    dataset,
    check: 'github',
    runStart: runStart(run),
    status: 'ok',
    subtype: null,
    findings: [],
    version: '1.0.0',
    notCompared: null,
    checkedAt: runStart(run),
    lastAttempt: null,
    ...more,
  } satisfies CheckRecord;
}

export function runRecord(run: number, outcome: RunRecord['outcome'] = 'published'): RunRecord {
  return {
    runStart: runStart(run),
    finishedAt: outcome === 'running' ? null : runStart(run + 1),
    outcome,
    why: [],
    request: { datasets: null, maxDatasets: null, stages: [], archive: ['sample'] },
  };
}

/** A difference of many paths: about 3 MB for 60,000. */
export function bigDiff(dataset: string, paths: number): S3Diff {
  const added = Array.from(
    { length: paths },
    (_, i) => `sub-${String(i).padStart(6, '0')}/anat/sub-${String(i).padStart(6, '0')}_T1w.nii.gz`,
  );
  return {
    schemaVersion: SCHEMA_VERSION,
    datasetId: dataset,
    snapshotTag: '1.0.0',
    s3Version: '1.0.0',
    status: 'error',
    totalS3Files: 1,
    totalGitFiles: paths + 1,
    checkedAt: null,
    exportMissing: false,
    added,
    removed: [],
    context: [],
    bookkeeping: [],
    submodules: [],
    subtype: 'files-missing',
    notCompared: null,
    commit: SHA,
    lastAttempt: null,
  };
}
