// The input of the causes, as far as a test is about it: by default everything is in step.

import type { CauseInput } from '../../archives/openneuro/rules/cause-input.ts';
import { OPENNEURO } from './stage-context.ts';

const IN_STEP = {
  github: { head: null, branches: {}, tags: {}, annotated: {}, error: null, findings: [] },
  s3Version: { subtype: null, versionSource: null, extractedVersion: null },
  s3Diff: { exportMissing: false, added: [], removed: [], commit: null },
  s3Content: {
    findings: [],
    commit: null,
    sizeMismatches: 0,
    contentMismatches: 0,
    bytesMissing: 0,
    mismatches: [],
  },
  access: { findings: [], asked: [] },
  annexRecord: {
    findings: [],
    notCompared: null,
    remotes: [],
    exportedTree: null,
    exportedTag: null,
    incompleteTrees: [],
    claimedMissing: null,
    claimedMissingPaths: [],
  },
} as const;
type Documents = keyof typeof IN_STEP;

/** Documents without the fields that all of them share. */
export type Loose = { readonly [K in keyof CauseInput]?: unknown };

/** A document that is not given was never measured. */
export function causeInput(given: Loose): CauseInput {
  const documents = Object.fromEntries(
    Object.entries(IN_STEP).map(([name, blank]) => {
      const document = given[name as Documents];
      return [name, document == null ? null : { ...blank, ...document }];
    }),
  );
  return {
    archive: OPENNEURO,
    id: 'ds000001',
    latest: '1.0.1',
    tags: ['1.0.0', '1.0.1'],
    bigFiles: [],
    waitsUntil: null,
    ...given,
    ...documents,
  } as CauseInput;
}
