// The product as it is measured: its command line, run over a served archive into a folder.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { S3Diff } from '../../archives/openneuro/documents.ts';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import { NAME_CHECKS } from '../../archives/openneuro/vocabulary.ts';
import type { OutcomeFacts } from '../../bin/cli/outcome.ts';
import { SUMMARY_PATH } from '../../core/documents/paths.ts';
import manifest from '../../package.json' with { type: 'json' };
import { checkPath } from '../support/documents.ts';
import type { Program } from './measure.ts';
import { byBytes, type Found } from './outcome.ts';
import { MIRRORWATCH } from './programs.ts';
import type { Addresses } from './serve-archive.ts';

/** The depth of a run: `names` is what the baseline compares too, `contents` is every check. */
export type Depth = 'names' | 'contents';

/** The Node options of `npm run mirrorwatch`. */
const NODE_OPTIONS = manifest.scripts.mirrorwatch
  .split(' ')
  .filter((word) => word.startsWith('--'));

/** @param command a stage, or `run` for all */
export function mirrorwatch(
  command: string,
  addresses: Addresses,
  out: string,
  depth: Depth = 'contents',
): Program {
  return {
    argv: [
      ...NODE_OPTIONS,
      MIRRORWATCH,
      command,
      ...(['registry', 'mirror', 'export'] as const).flatMap((place) => [
        `--${place}-url`,
        addresses[place],
      ]),
      '--out',
      out,
      // A generated archive is worse than what may be published unasked; a known one is not.
      ...(command === 'run' ? ['--publish-anyway'] : []),
      '--json',
      ...(depth === 'names' ? ['--checks', NAME_CHECKS.join()] : []),
    ],
  };
}

/** A run's own closing report. @throws Error if it was not published. */
export function factsOf(stdout: string): OutcomeFacts {
  const facts = JSON.parse(stdout) as OutcomeFacts;
  if (facts.outcome !== 'published' && facts.outcome !== 'checked') {
    throw new Error(`the run ended as ${facts.outcome}: ${facts.why.join(' ')}`);
  }
  return facts;
}

/** The comparisons that a run has left in its folder, by id. */
export function readFound(out: string): Found[] {
  const summary = read<Summary>(out, SUMMARY_PATH);
  return summary.datasets.flatMap(({ id, checks, notCompared }) => {
    // If nothing was compared there is no document.
    if (checks.s3Files === 'pending' || notCompared !== null) return [];
    const { s3Version, totalGitFiles, totalS3Files, added, removed, bookkeeping } = read<S3Diff>(
      out,
      checkPath('s3Files', id),
    );
    if (s3Version === null || totalGitFiles === null || totalS3Files === null) return [];
    // A path that the product knows to be no fault is an orphan to every other tool.
    const orphans = [...removed, ...bookkeeping].sort(byBytes);
    return [
      { id, tag: s3Version, files: totalGitFiles, keys: totalS3Files, added, removed: orphans },
    ];
  });
}

function read<T>(out: string, path: string): T {
  return JSON.parse(readFileSync(join(out, path), 'utf8')) as T;
}
