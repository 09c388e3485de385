// Datasets whose copies are at different versions: branches and tags of the mirror, publication,
// exports ahead and behind (docs/checks.md#mirror, #new-datasets and #causes).

import { plainFile } from '../../../../sample/files.ts';
import { access } from '../../checks/s3-access.ts';
import type { Plan } from '../plan.ts';
import {
  addToExport,
  BLOCKED,
  commitAfter,
  exportBehind,
  mirrorOf,
  neverExported,
  oddKey,
  type Special,
  threeTags,
} from './changes.ts';

const sortedAsText = { tags: ['1.0.7', '1.0.8', '1.0.9', '1.0.10', '1.0.11'] };

export const BRANCHES: readonly Special[] = [
  {
    rule: '#mirror: main is at the latest tag, and HEAD is at a stale master',
    options: () => ({ ...threeTags(), branch: 'main' }),
    change: (plan) => {
      const mirror = mirrorOf(plan);
      mirror.branches.master = '1.0.0';
      mirror.head = 'master';
    },
    expect: () => ({
      status: 'warning',
      github: {
        status: 'warning',
        subtype: 'default-branch-stale',
        findings: ['default-branch-stale'],
      },
      causes: ['default-branch-stale'],
    }),
  },
  {
    rule: '#causes: the version exported is the greatest as text (ds003592)',
    options: () => sortedAsText,
    change: (plan) => {
      plan.export.commit = '1.0.9';
    },
    expect: () => ({
      status: 'version-mismatch',
      s3Version: { status: 'version-mismatch', subtype: 'doi-mismatch', version: '1.0.9' },
      annexRecord: exportBehind('1.0.9'),
      causes: ['string-sorted-export'],
    }),
  },
  {
    rule: '#causes: main is at the version that is the greatest as text',
    options: () => ({ ...sortedAsText, branch: 'main' }),
    change: (plan) => {
      mirrorOf(plan).branches.main = '1.0.9';
    },
    expect: () => ({
      status: 'warning',
      github: { status: 'warning', subtype: 'head-mismatch' },
      causes: ['string-sorted-export'],
    }),
  },
  {
    rule: '#causes: the newest version never reached the mirror, and it has a file over 100 MB',
    options: () => ({ tags: ['1.0.0', '1.0.1'], branch: 'main' }),
    change: (plan) => {
      const mirror = mirrorOf(plan);
      delete mirror.tags['1.0.1'];
      mirror.branches.main = '1.0.0';
      addToExport(plan, [oddKey('derivatives/model.mat', 'none', 125_829_120)]);
    },
    expect: () => ({
      status: 'error',
      githubVersion: '1.0.0',
      github: { status: 'error', subtype: 'tag-missing' },
      s3Files: { status: 'pending', notCompared: 'tag-not-on-mirror' },
      annexRecord: { status: 'warning', subtype: 'export-unknown' },
      causes: ['blob-too-big'],
    }),
  },
];

/** The dataset whose only tag moves in a later revision of the archive (docs/checks.md#files). */
export const movedTag = (revision: number): Special => ({
  rule: '#files: a tree is kept by commit, so a moved tag brings no false orphans',
  options: () => ({
    tags: ['1.0.0'],
    edit: (entries) =>
      revision === 0 ? entries : [...entries, plainFile('sub-01/sub-01_scans.tsv', 'filename\n')],
  }),
  expect: () => ({}),
});

/** OpenNeuro publishes first and opens the objects last. */
const closedAfter = (publishedDaysAgo: number) => (plan: Plan) => {
  plan.registry.publishedDaysAgo = publishedDaysAgo;
  plan.export.refusal = 403;
};

export const NEW: readonly Special[] = [
  {
    rule: '#new-datasets: published three days ago, and the export is still closed',
    options: () => ({ tags: ['1.0.0'] }),
    change: closedAfter(3),
    expect: () => ({
      status: 'pending',
      s3Version: { status: 'pending', version: null },
      s3Files: { status: 'pending', notCompared: 'blocked' },
      [access.id]: { status: 'pending', subtype: null },
    }),
  },
  {
    rule: '#new-datasets: published nine days ago, so the closed export counts',
    options: () => ({ tags: ['1.0.0'] }),
    change: closedAfter(9),
    expect: () => BLOCKED,
  },
];

export const AHEAD: Special = {
  rule: '#causes: a version that no snapshot has is on the branch main and in the export (ds005613)',
  options: threeTags,
  change: (plan) => {
    plan.snapshots = plan.snapshots.slice(0, -1);
    delete mirrorOf(plan).tags['1.1.0'];
  },
  expect: () => ({
    status: 'version-mismatch',
    githubVersion: '1.0.1',
    github: { status: 'warning', subtype: 'head-mismatch' },
    s3Version: { status: 'version-mismatch', subtype: 'doi-mismatch', version: '1.1.0' },
    annexRecord: { status: 'version-mismatch', subtype: 'export-ahead' },
    causes: ['ahead-of-registry'],
  }),
};

export const BEHIND: Special = {
  rule: '#causes: the default branch is still at an older snapshot',
  options: () => ({ tags: ['1.0.0', '1.0.1'], branch: 'main' }),
  change: (plan) => {
    mirrorOf(plan).branches.main = '1.0.0';
  },
  expect: () => ({
    status: 'warning',
    github: { status: 'warning', subtype: 'head-mismatch' },
    causes: ['branch-not-pushed'],
  }),
};

/** The mirror's only tag is at a later commit than the registry's. */
function moveTag(plan: Plan): void {
  commitAfter(plan, 'moved', '1.0.0');
  const { tags, branches } = mirrorOf(plan);
  tags['1.0.0'] = { commit: 'moved' };
  for (const branch of Object.keys(branches)) {
    if (branches[branch] === '1.0.0') branches[branch] = 'moved';
  }
}

export const ELSEWHERE: readonly Special[] = [
  {
    rule: "#files: a tag was moved on the mirror, and the export is of the registry's commit",
    options: () => ({ tags: ['1.0.0'] }),
    change: moveTag,
    expect: () => ({
      status: 'error',
      github: { status: 'error', subtype: 'sha-mismatch' },
      annexRecord: { status: 'ok', exportedTag: '1.0.0' },
      causes: ['tag-moved'],
    }),
  },
  {
    rule: "#files: a tag was moved, and the mirror does not have the registry's commit",
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      moveTag(plan);
      plan.registry.hexsha['1.0.0'] = 'f00d'.repeat(10);
      plan.annex.claimed = null;
    },
    expect: () => ({
      status: 'error',
      github: { status: 'error', subtype: 'sha-mismatch' },
      s3Files: { status: 'pending', notCompared: 'commit-not-on-mirror' },
      annexRecord: neverExported,
      causes: ['tag-moved', 'no-known-cause'],
    }),
  },
  {
    rule: '#record: a tree was exported that no snapshot and no branch has (ds008020)',
    options: threeTags,
    change: (plan) => {
      plan.snapshots = plan.snapshots.slice(0, -1);
      const { tags, branches } = mirrorOf(plan);
      delete tags['1.1.0'];
      for (const branch of Object.keys(branches)) {
        if (branches[branch] === '1.1.0') branches[branch] = '1.0.1';
      }
    },
    expect: () => ({
      status: 'version-mismatch',
      githubVersion: '1.0.1',
      s3Version: { status: 'version-mismatch', subtype: 'doi-mismatch', version: '1.1.0' },
      annexRecord: { status: 'warning', subtype: 'export-of-no-snapshot' },
      causes: ['ahead-of-registry'],
    }),
  },
];
