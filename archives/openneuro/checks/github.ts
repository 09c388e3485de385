import { defineCheck } from '../../../core/monitor/check.ts';

export const github = defineCheck({
  id: 'github',
  file: 'github',
  title: 'A mirror: refs and verdict',
  of: 'names',
  stage: 'check-github',
  words: {
    name: 'GitHub mirror',
    asks: 'Does the mirror hold every snapshot?',
    ok: 'The mirror holds every snapshot, and its default branch is at the latest one.',
  },
  column: { id: 'mirror', name: 'Mirror', label: 'Mirror' },
  version: { csv: 'mirrorVersion' },
  ofEntry: true,
  findings: {
    'repo-not-found': {
      severity: 'error',
      onItsWay: true,
      label: 'Mirror missing',
      says: 'There is no repository for this dataset on GitHub.',
      mend: 'Create the mirror and push every branch and tag to it.',
    },
    'repo-disabled': {
      severity: 'error',
      label: 'Mirror disabled',
      says: 'GitHub disabled this repository or took it down.',
      mend: 'Find out why, and resolve it with GitHub.',
    },
    'repo-empty': {
      severity: 'error',
      onItsWay: true,
      label: 'Mirror empty',
      says: 'The repository is there, but it holds no branch and no tag.',
      mend: 'Push every branch and tag to the mirror.',
    },
    'tag-missing': {
      severity: 'error',
      label: 'Latest tag missing',
      says: 'The tag of the latest snapshot is not on the mirror.',
      mend: 'Push the tag of the latest snapshot.',
    },
    'sha-mismatch': {
      severity: 'error',
      label: 'Tag at another commit',
      says: 'A tag on the mirror is at another commit than the registry gives for it.',
      mend: 'Compare the two commits, and move the tag on the side that is wrong.',
    },
    'head-on-annex': {
      severity: 'error',
      label: 'HEAD at git-annex',
      says: 'The default branch of the mirror is git-annex, so a clone shows bookkeeping and no data.',
      mend: "Point HEAD at the branch with the dataset's files.",
    },
    'head-mismatch': {
      severity: 'warning',
      label: 'HEAD elsewhere',
      says: 'The default branch of the mirror is not at the latest snapshot.',
      mend: 'Push the default branch, or point HEAD at the branch with the latest snapshot.',
    },
    'default-branch-stale': {
      severity: 'warning',
      label: 'Stale default branch',
      says: 'The default branch of the mirror is an old one or does not exist; another branch holds the latest snapshot.',
      mend: 'Point HEAD at the branch with the latest snapshot.',
    },
    'head-unknown': {
      severity: 'warning',
      label: 'HEAD unknown',
      says: 'The server does not say what HEAD is, and not every branch is at the latest snapshot.',
      mend: 'Point HEAD at the branch with the latest snapshot.',
    },
    'older-tag-missing': {
      severity: 'warning',
      label: 'Older tag missing',
      says: 'The tag of an older snapshot is not on the mirror.',
      mend: 'Push the missing tags.',
    },
    'annex-branch-missing': {
      severity: 'warning',
      label: 'No git-annex branch',
      says: 'The mirror has no git-annex branch, so a clone cannot find its annexed files.',
      mend: 'Push the git-annex branch.',
    },
  },
});
