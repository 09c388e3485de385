// The mirror's state, as github.json holds it (docs/checks.md#mirror). checks/github.ts judges it.

import { recordOf } from '../../../core/documents/json.ts';
import type { Refs } from '../../../core/protocols/sources.ts';
import type { Github } from '../documents.ts';

/** What was seen of a mirror. Refs without any branch or tag are an empty repository. */
export type Mirror = Refs | NonNullable<Github['error']>;

export type GithubEvidence = Pick<
  Github,
  'head' | 'branches' | 'tags' | 'lastChecked' | 'error' | 'annotated' | 'headCommit'
>;

const NO_REFS: Refs = {
  head: null,
  branches: new Map(),
  tags: new Map(),
  annotated: new Map(),
};

export function githubEvidence(mirror: Mirror): GithubEvidence {
  const { error, refs } = read(mirror);
  return {
    head: refs.head,
    branches: recordOf(refs.branches),
    tags: recordOf(refs.tags),
    lastChecked: null,
    error,
    annotated: recordOf(refs.annotated),
    ...(refs.headCommit !== undefined && { headCommit: refs.headCommit }),
  };
}

function read(mirror: Mirror): { error: Github['error']; refs: Refs } {
  if (typeof mirror === 'string') return { error: mirror, refs: NO_REFS };
  const empty = mirror.branches.size === 0 && mirror.tags.size === 0;
  return empty ? { error: 'repo-empty', refs: NO_REFS } : { error: null, refs: mirror };
}
