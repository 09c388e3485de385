// Datasets for the traps of real data (docs/checks.md#words-and-orders, #registry, #unverified and
// #traps), each with the dataset that showed it, if there was one.

import { gitlink, plainFile } from '../../../../sample/files.ts';
import { access } from '../../checks/s3-access.ts';
import { DESCRIPTION, descriptionOf } from '../bids.ts';
import {
  addToExport,
  annexUuid,
  claimedMissing,
  describeExport,
  exportBehind,
  loseFromExport,
  mirrorOf,
  neverExported,
  nothingThere,
  SIDECAR,
  type Special,
} from './changes.ts';

const doiOf = (id: string, version: string) => `10.18112/openneuro.${id}.v${version}`;

export const TRAPS: readonly Special[] = [
  {
    rule: '#words-and-orders: three generations of tags, and 1.0.9 before 1.0.13 (ds003216)',
    options: () => ({
      tags: ['580551b4cce88d0009a33677', '00001', '1.0.9', '1.0.10', '1.0.11', '1.0.12', '1.0.13'],
    }),
    expect: () => ({}),
  },
  {
    rule: '#files: gitlinks are never exported',
    options: () => ({
      tags: ['1.0.0'],
      edit: (entries) => [
        ...entries,
        plainFile('.gitmodules', '[submodule "raw"]\n\tpath = sourcedata/raw\n'),
        gitlink('derivatives/fmriprep', 'fmriprep'),
        gitlink('sourcedata/raw', 'raw'),
      ],
    }),
    expect: () => ({ s3Files: { submodules: ['derivatives/fmriprep', 'sourcedata/raw'] } }),
  },
  {
    rule: '#words-and-orders: unlocked annexed files are pointer files in git',
    options: () => ({ tags: ['1.0.0', '1.0.1'], layout: { annex: 'pointer' } }),
    expect: () => ({}),
  },
  {
    rule: '#files: folder markers are bookkeeping',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) =>
      addToExport(plan, [plainFile('', ''), plainFile('sub-01/', ''), plainFile('stimuli/', '')]),
    // The key that equals the prefix is shown as ./
    expect: () => ({ s3Files: { bookkeeping: ['./', 'stimuli/', 'sub-01/'] } }),
  },
  {
    rule: '#version: a DOI of no known archive (mockDOI)',
    options: () => ({ tags: ['1.0.0'], doi: () => 'mockDOI' }),
    expect: () => ({
      causes: ['no-known-cause'],
      status: 'warning',
      s3Version: { status: 'warning', subtype: 'no-doi' },
    }),
  },
  {
    rule: "#version: another dataset's DOI with our version (ds005752)",
    options: () => ({ tags: ['1.0.0'], doi: (_, tag) => `doi:${doiOf('ds904215', tag)}` }),
    expect: () => ({ s3Version: { doiDatasetId: 'ds904215' } }),
  },
  {
    rule: "#version: another dataset's DOI with an older version",
    options: () => ({
      tags: ['1.0.0', '2.0.0'],
      doi: (_, tag) => doiOf('ds904215', tag),
    }),
    change: (plan) => {
      plan.export.commit = '1.0.0';
    },
    expect: () => ({
      causes: ['export-not-renewed'],
      status: 'version-mismatch',
      s3Version: {
        status: 'version-mismatch',
        subtype: 'doi-mismatch',
        version: '1.0.0',
        doiDatasetId: 'ds904215',
      },
      annexRecord: exportBehind('1.0.0'),
    }),
  },
  {
    rule: '#version #traps: a DOI whose version is no tag (ds008020), and no record of the export',
    options: (id) => ({ tags: ['1.0.0', '1.0.1'], doi: () => doiOf(id, '1.0.2') }),
    change: (plan) => {
      plan.annex.claimed = null;
    },
    expect: () => ({
      causes: ['no-known-cause'],
      status: 'version-mismatch',
      s3Version: { status: 'version-mismatch', subtype: 'doi-mismatch', version: '1.0.2' },
      s3Files: { status: 'pending', notCompared: 'tag-not-on-mirror' },
      annexRecord: neverExported,
    }),
  },
  {
    rule: '#version: the DOI may be a URL',
    options: () => ({ tags: ['1.0.0'], doi: (id, tag) => `https://doi.org/${doiOf(id, tag)}` }),
    expect: () => ({}),
  },
  {
    rule: '#mirror #traps: HEAD at git-annex (ds003367)',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      mirrorOf(plan).head = 'git-annex';
    },
    expect: () => ({
      status: 'error',
      github: { status: 'error', subtype: 'head-on-annex' },
      causes: ['default-branch-stale'],
    }),
  },
  {
    rule: '#unverified: a description that can never be measured (503) is pending, not bad',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.export.refuses = (path) => (path === DESCRIPTION ? 503 : undefined);
    },
    expect: () => ({
      status: 'pending',
      s3Version: { status: 'pending', version: null },
      s3Files: { status: 'pending' },
      // Without a version there is nothing to check, and they have no reason of their own.
      s3Content: { status: 'pending' },
      [access.id]: { status: 'pending' },
      annexRecord: { status: 'pending' },
      unmeasured: { s3Version: 'http-5xx' },
    }),
  },
  {
    rule: '#registry: a dataset with no snapshots is skipped with a note',
    options: () => ({ tags: [] }),
    expect: () => ({ registry: 'skipped' }),
  },
  {
    rule: '#registry: a null node beside good ones is never dropped silently',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.registry.broken = 'node';
    },
    expect: () => ({ registry: 'broken' }),
  },
  {
    rule: '#registry: a null edge beside good ones is never dropped silently',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.registry.broken = 'edge';
    },
    expect: () => ({ registry: 'broken' }),
  },
  {
    rule: '#files: missing and orphaned at once, missing gives the subtype',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      loseFromExport(plan, [SIDECAR]);
      addToExport(plan, [plainFile('sub-1/anat/sub-1_T1w.json', '{}\n')]);
    },
    expect: () => ({
      status: 'error',
      s3Files: {
        status: 'error',
        subtype: 'files-missing',
        added: [SIDECAR],
        removed: ['sub-1/anat/sub-1_T1w.json'],
      },
      annexRecord: claimedMissing,
      causes: ['objects-changed', 'files-left-behind'],
    }),
  },
  {
    rule: '#words-and-orders: SHA256E keys, and ETags of multipart uploads',
    options: () => ({ tags: ['1.0.0'], files: 90, layout: { kind: 'nwb' } }),
    expect: () => ({}),
  },
  {
    rule: '#traps: a tag list with 33 snapshots',
    options: () => ({ tags: Array.from({ length: 33 }, (_, patch) => `1.0.${patch}`) }),
    expect: () => ({}),
  },
  {
    rule: '#mirror #files: no repository and a blocked export (ds006347)',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.mirror = 'absent';
      plan.export.refusal = 403;
    },
    expect: () => ({
      status: 'error',
      githubVersion: null,
      github: nothingThere('repo-not-found'),
      causes: ['repository-never-pushed', 'still-private'],
      s3Version: { status: 'error', subtype: 'blocked', version: null },
      s3Files: { status: 'error', notCompared: 'blocked' },
      [access.id]: { status: 'error', subtype: 'private' },
    }),
  },
  {
    rule: '#mirror: HEAD names a branch that was never pushed',
    options: () => ({ tags: ['1.0.0'], branch: 'master' }),
    change: (plan) => {
      mirrorOf(plan).head = 'main';
    },
    expect: () => ({
      status: 'warning',
      github: { status: 'warning', subtype: 'default-branch-stale' },
      causes: ['default-branch-stale'],
    }),
  },
  {
    rule: '#words-and-orders: byte order, where UTF-16 units and folders would mislead',
    options: () => ({
      tags: ['1.0.0'],
      edit: (entries) => [
        ...entries,
        ...[
          'sub-01-extra/a.tsv',
          'sub-01.json',
          'sub-01/z.tsv',
          'sub-010/a.tsv',
          'stimuli/\u{1F9E0}.txt',
          'stimuli/\uFF5E.txt',
          'stimuli/\u00E9.txt',
          'stimuli/e\u0301.txt',
        ].map((path) => plainFile(path, 'x\n')),
      ],
    }),
    expect: () => ({}),
  },
  {
    rule: '#files: only bookkeeping keys, so the export is missing',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.export.commit = null;
      addToExport(plan, [annexUuid('annex-uuid')]);
    },
    expect: () => ({
      status: 'error',
      s3Version: { status: 'warning', subtype: 'description-missing' },
      s3Files: { status: 'error', subtype: 'export-missing', bookkeeping: ['annex-uuid'] },
      annexRecord: neverExported,
      causes: ['export-never-ran'],
    }),
  },
  {
    rule: '#registry: the registry gives no name',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.name = null;
    },
    expect: () => ({}),
  },
  {
    rule: '#version: the description lies below an array, and no field is where it should be',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      const wrapped = `[${descriptionOf('Wrapped', 'doi:10.18112/openneuro.ds000001.v1.0.0')}]\n`;
      describeExport(plan, wrapped);
    },
    expect: () => ({
      status: 'error',
      s3Version: { status: 'warning', subtype: 'no-doi' },
      s3Content: { status: 'error', subtype: 'size-mismatch', sizes: [DESCRIPTION] },
      causes: ['objects-changed', 'no-known-cause'],
    }),
  },
];
