// Datasets for the most common rows: docs/checks.md#mirror, #version and #files.

import { annexedFile, plainFile } from '../../../../sample/files.ts';
import { DESCRIPTION } from '../bids.ts';
import {
  addToExport,
  annexUuid,
  BLOCKED,
  claimedMissing,
  commitAfter,
  exportBehind,
  loseFromExport,
  mirrorAbsent,
  mirrorOf,
  neverExported,
  nothingThere,
  type Special,
  T1W,
  threeTags,
} from './changes.ts';
import { HOSTILE } from './hostile.ts';
export const BASICS: readonly Special[] = [
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
      // Without the tag it is not known whether its files have versions.
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
