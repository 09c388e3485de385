// One dataset for every row of every table in checks.md. Their order is their order in the archive:
// a small archive shows the first of them.

import { CONTENTS } from './contents.ts';
import type { Expected } from './expectations.ts';
import { annexedFile, plainFile } from './files.ts';
import { HOSTILE } from './hostile.ts';
import type { Plan } from './plan.ts';
import { REFUSALS } from './refusals.ts';
import {
  addToExport,
  annexUuid,
  claimedMissing,
  commitAfter,
  DESCRIPTION,
  exportBehind,
  loseFromExport,
  mirrorAbsent,
  mirrorOf,
  neverExported,
  nothingThere,
  type Special,
  threeTags,
} from './special.ts';
import { TRAPS } from './traps.ts';

const T1W = 'sub-01/anat/sub-01_T1w.nii.gz';

const BLOCKED: Expected = {
  status: 'error',
  s3Version: { status: 'error', subtype: 'blocked', version: null },
  s3Files: { status: 'error', notCompared: 'blocked' },
  s3Access: { status: 'error', subtype: 'private' },
  causes: ['still-private'],
};

const ROWS: readonly Special[] = [
  {
    rule: '#mirror #files: all copies are in step',
    options: threeTags,
    expect: () => ({ githubVersion: '1.1.0' }),
  },
  {
    rule: "#files: annex-uuid at the dataset's root is bookkeeping",
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => addToExport(plan, [annexUuid('annex-uuid')]),
    expect: () => ({ s3Files: { bookkeeping: ['annex-uuid'] } }),
  },
  {
    rule: '#files: files in git that the export lacks',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => loseFromExport(plan, [T1W, 'participants.tsv']),
    expect: () => ({
      status: 'error',
      s3Files: { status: 'error', subtype: 'files-missing', added: ['participants.tsv', T1W] },
      annexRecord: claimedMissing,
      causes: ['objects-changed'],
    }),
  },
  {
    rule: '#files: orphaned keys; annex-uuid in a subfolder is one',
    options: () => ({ tags: ['1.0.0', '1.0.1'] }),
    change: (plan) =>
      addToExport(plan, [
        annexUuid('derivatives/mriqc/annex-uuid'),
        annexedFile('sub-98/anat/sub-98_T1w.nii.gz', 9_412_004, `${plan.id} orphan`),
      ]),
    expect: () => ({
      causes: ['files-left-behind'],
      status: 'error',
      s3Files: {
        status: 'error',
        subtype: 'files-orphaned',
        removed: ['derivatives/mriqc/annex-uuid', 'sub-98/anat/sub-98_T1w.nii.gz'],
      },
    }),
  },
  {
    rule: '#version: the export holds an older version, and that version is what is compared',
    options: threeTags,
    change: (plan) => {
      plan.export.commit = '1.0.1';
    },
    expect: () => ({
      causes: ['export-not-renewed'],
      status: 'version-mismatch',
      s3Version: { status: 'version-mismatch', subtype: 'doi-mismatch', version: '1.0.1' },
      annexRecord: exportBehind('1.0.1'),
    }),
  },
  {
    rule: "#mirror: HEAD's branch is not at the latest tag's commit",
    options: () => ({ tags: ['1.0.0', '1.0.1'], branch: 'main' }),
    change: (plan) => {
      commitAfter(plan, 'draft', '1.0.1');
      mirrorOf(plan).branches.main = 'draft';
    },
    expect: () => ({
      causes: ['no-known-cause'],
      status: 'warning',
      github: { status: 'warning', subtype: 'head-mismatch' },
    }),
  },
  {
    rule: '#version: 403, the export is blocked; docs/checks.md#files: no comparison and no subtype',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.export.refusal = 403;
    },
    expect: () => BLOCKED,
  },
  {
    rule: '#mirror: no such repository',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.mirror = 'absent';
    },
    expect: () => ({
      status: 'error',
      githubVersion: null,
      github: nothingThere('repo-not-found'),
      causes: ['repository-never-pushed'],
      s3Files: mirrorAbsent,
    }),
  },
  {
    rule: '#mirror: repository with no refs',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.mirror = 'empty';
    },
    expect: () => ({
      status: 'error',
      githubVersion: null,
      github: nothingThere('repo-empty'),
      causes: ['repository-never-pushed'],
      s3Files: mirrorAbsent,
    }),
  },
  {
    rule: "#mirror: the latest snapshot's tag is absent; docs/checks.md#files: the branch at its commit is compared",
    options: () => ({ tags: ['1.0.0', '1.0.1'] }),
    change: (plan) => {
      delete mirrorOf(plan).tags['1.0.1'];
    },
    expect: () => ({
      causes: ['snapshot-not-pushed'],
      status: 'error',
      githubVersion: '1.0.0',
      github: { status: 'error', subtype: 'tag-missing' },
      // Whether its files have versions is not known without the tag.
      annexRecord: { status: 'pending', notCompared: 'tag-not-on-mirror' },
    }),
  },
  {
    rule: '#version: no DOI, the latest version is assumed',
    options: () => ({ tags: ['1.0.0'], doi: () => null }),
    expect: () => ({
      causes: ['no-known-cause'],
      status: 'warning',
      s3Version: { status: 'warning', subtype: 'no-doi' },
    }),
  },
  {
    rule: '#version: 404, the description is missing',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => loseFromExport(plan, [DESCRIPTION]),
    expect: () => ({
      status: 'error',
      s3Version: { status: 'warning', subtype: 'description-missing' },
      s3Files: { status: 'error', subtype: 'files-missing', added: [DESCRIPTION] },
      annexRecord: claimedMissing,
      causes: ['objects-changed'],
    }),
  },
  {
    rule: '#version: the description is no JSON',
    options: () => ({
      tags: ['1.0.0'],
      edit: (entries) =>
        entries.map((entry) =>
          entry.path === DESCRIPTION
            ? plainFile(DESCRIPTION, '{"Name": "Cut in the middle", "DatasetDOI": "10.18112/open')
            : entry,
        ),
    }),
    expect: () => ({
      causes: ['no-known-cause'],
      status: 'warning',
      s3Version: { status: 'warning', subtype: 'invalid-json' },
    }),
  },
  {
    rule: '#files: zero keys in S3',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.export.commit = null;
    },
    expect: () => ({
      status: 'error',
      s3Version: { status: 'warning', subtype: 'description-missing' },
      s3Files: { status: 'error', subtype: 'export-missing' },
      annexRecord: neverExported,
      causes: ['export-never-ran'],
    }),
  },
  HOSTILE,
  {
    rule: '#mirror: an older tag is absent',
    options: threeTags,
    change: (plan) => {
      delete mirrorOf(plan).tags['1.0.0'];
    },
    expect: () => ({
      causes: ['snapshot-not-pushed'],
      status: 'warning',
      github: { status: 'warning', subtype: 'older-tag-missing' },
    }),
  },
  {
    rule: "#mirror: a tag's commit differs from the registry's hexsha",
    options: threeTags,
    change: (plan) => {
      commitAfter(plan, 'rewritten', '1.0.0');
      mirrorOf(plan).tags['1.0.0'] = { commit: 'rewritten' };
    },
    expect: () => ({
      status: 'error',
      github: { status: 'error', subtype: 'sha-mismatch' },
      causes: ['tag-moved'],
    }),
  },
  {
    rule: '#mirror: no git-annex branch',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      delete mirrorOf(plan).branches['git-annex'];
    },
    expect: () => ({
      status: 'warning',
      github: { status: 'warning', subtype: 'annex-branch-missing' },
      causes: ['annex-branch-not-pushed'],
    }),
  },
  {
    rule: '#mirror: several findings at once, the first row gives the subtype',
    options: () => ({ ...threeTags(), branch: 'master' }),
    change: (plan) => {
      commitAfter(plan, 'rewritten', '1.0.0');
      commitAfter(plan, 'draft', '1.1.0');
      const mirror = mirrorOf(plan);
      mirror.tags['1.0.0'] = { commit: 'rewritten' };
      delete mirror.tags['1.0.1'];
      mirror.branches = { master: 'draft' };
    },
    expect: () => ({
      status: 'error',
      github: {
        status: 'error',
        subtype: 'sha-mismatch',
        findings: ['sha-mismatch', 'head-mismatch', 'older-tag-missing', 'annex-branch-missing'],
      },
      causes: ['snapshot-not-pushed', 'annex-branch-not-pushed', 'tag-moved', 'no-known-cause'],
    }),
  },
  {
    rule: '#mirror: an annotated tag counts as the commit it peels to (ds000109)',
    options: () => ({ tags: ['00001', '2.0.0', '2.0.1'] }),
    change: (plan) => {
      const { tags } = mirrorOf(plan);
      tags['2.0.0'] = { commit: '2.0.0', annotated: true };
      tags['2.0.1'] = { commit: '2.0.1', annotated: true };
    },
    expect: () => ({}),
  },
];

/** The dataset whose only tag points elsewhere in a later revision of the archive (docs/checks.md#files). */
const movedTag = (revision: number): Special => ({
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

const NEW: readonly Special[] = [
  {
    rule: '#new-datasets: published three days ago, and the export is still closed',
    options: () => ({ tags: ['1.0.0'] }),
    change: closedAfter(3),
    expect: () => ({
      status: 'pending',
      s3Version: { status: 'pending', version: null },
      s3Files: { status: 'pending', notCompared: 'blocked' },
      s3Access: { status: 'pending', subtype: null },
    }),
  },
  {
    rule: '#new-datasets: published nine days ago, so the closed export counts',
    options: () => ({ tags: ['1.0.0'] }),
    change: closedAfter(9),
    expect: () => BLOCKED,
  },
];

const AHEAD: Special = {
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

const BEHIND: Special = {
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

const ELSEWHERE: readonly Special[] = [
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

/** @param revision 0, or a later state of the same archive: only the moved tag differs. */
export function specials(revision: number): readonly Special[] {
  return [
    ...ROWS,
    ...TRAPS,
    ...CONTENTS,
    ...REFUSALS,
    ...NEW,
    AHEAD,
    BEHIND,
    ...ELSEWHERE,
    movedTag(revision),
  ];
}
