// One dataset for every row of every table in checks.md. Their order is their order in the archive:
// a small archive shows the first of them.

import { descriptionOf } from './bids.ts';
import { annexedFile, gitlink, plainFile } from './files.ts';
import { HOSTILE } from './hostile.ts';
import {
  addToExport,
  annexUuid,
  commitAfter,
  DESCRIPTION,
  describeExport,
  loseFromExport,
  mirrorOf,
  type Special,
} from './special.ts';

const doiOf = (id: string, version: string) => `10.18112/openneuro.${id}.v${version}`;
const T1W = 'sub-01/anat/sub-01_T1w.nii.gz';
const SIDECAR = 'sub-01/anat/sub-01_T1w.json';
const three = () => ({ tags: ['1.0.0', '1.0.1', '1.1.0'] });
const mirrorAbsent = { status: 'pending', notCompared: 'mirror-absent' } as const;
const tagAbsent = { status: 'pending', notCompared: 'tag-not-on-mirror' } as const;

/** A mirror with nothing in it lacks the only tag and the git-annex branch too. */
const nothingThere = (subtype: 'repo-not-found' | 'repo-empty') =>
  ({
    status: 'error',
    subtype,
    findings: [subtype, 'tag-missing', 'annex-branch-missing'],
  }) as const;

const FIRST: readonly Special[] = [
  {
    rule: 'sections 3 to 5: all copies are in step',
    options: three,
    expect: () => ({ githubVersion: '1.1.0' }),
  },
  {
    rule: "section 5: annex-uuid at the dataset's root is bookkeeping",
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => addToExport(plan, [annexUuid('annex-uuid')]),
    expect: () => ({ s3Files: { bookkeeping: ['annex-uuid'] } }),
  },
  {
    rule: 'section 5: files in git that the export lacks',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => loseFromExport(plan, [T1W, 'participants.tsv']),
    expect: () => ({
      status: 'error',
      s3Files: { status: 'error', subtype: 'files-missing', added: ['participants.tsv', T1W] },
    }),
  },
  {
    rule: 'section 5: orphaned keys; annex-uuid in a subfolder is one',
    options: () => ({ tags: ['1.0.0', '1.0.1'] }),
    change: (plan) =>
      addToExport(plan, [
        annexUuid('derivatives/mriqc/annex-uuid'),
        annexedFile('sub-98/anat/sub-98_T1w.nii.gz', 9_412_004, `${plan.id} orphan`),
      ]),
    expect: () => ({
      status: 'error',
      s3Files: {
        status: 'error',
        subtype: 'files-orphaned',
        removed: ['derivatives/mriqc/annex-uuid', 'sub-98/anat/sub-98_T1w.nii.gz'],
      },
    }),
  },
  {
    rule: 'section 4: the export holds an older version, and that version is what is compared',
    options: three,
    change: (plan) => {
      plan.export.commit = '1.0.1';
    },
    expect: () => ({
      status: 'version-mismatch',
      s3Version: { status: 'version-mismatch', subtype: 'doi-mismatch', version: '1.0.1' },
    }),
  },
  {
    rule: "section 3: HEAD's branch is not at the latest tag's commit",
    options: () => ({ tags: ['1.0.0', '1.0.1'], branch: 'main' }),
    change: (plan) => {
      commitAfter(plan, 'draft', '1.0.1');
      mirrorOf(plan).branches.main = 'draft';
    },
    expect: () => ({
      status: 'warning',
      github: { status: 'warning', subtype: 'head-mismatch' },
    }),
  },
  {
    rule: 'section 4: 403, the export is blocked; section 5: no comparison and no subtype',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.export.refusal = 403;
    },
    expect: () => ({
      status: 'error',
      s3Version: { status: 'error', subtype: 'blocked', version: null },
      s3Files: { status: 'error', notCompared: 'blocked' },
    }),
  },
  {
    rule: 'section 3: no such repository',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.mirror = 'absent';
    },
    expect: () => ({
      status: 'error',
      githubVersion: null,
      github: nothingThere('repo-not-found'),
      s3Files: mirrorAbsent,
    }),
  },
  {
    rule: 'section 3: repository with no refs',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.mirror = 'empty';
    },
    expect: () => ({
      status: 'error',
      githubVersion: null,
      github: nothingThere('repo-empty'),
      s3Files: mirrorAbsent,
    }),
  },
  {
    rule: "section 3: the latest snapshot's tag is absent; section 5: so no comparison yet",
    options: () => ({ tags: ['1.0.0', '1.0.1'] }),
    change: (plan) => {
      delete mirrorOf(plan).tags['1.0.1'];
    },
    expect: () => ({
      status: 'error',
      githubVersion: '1.0.0',
      github: { status: 'error', subtype: 'tag-missing' },
      s3Files: tagAbsent,
    }),
  },
  {
    rule: 'section 4: no DOI, the latest version is assumed',
    options: () => ({ tags: ['1.0.0'], doi: () => null }),
    expect: () => ({
      status: 'warning',
      s3Version: { status: 'warning', subtype: 'no-doi' },
    }),
  },
  {
    rule: 'section 4: 404, the description is missing',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => loseFromExport(plan, [DESCRIPTION]),
    expect: () => ({
      status: 'error',
      s3Version: { status: 'warning', subtype: 'description-missing' },
      s3Files: { status: 'error', subtype: 'files-missing', added: [DESCRIPTION] },
    }),
  },
  {
    rule: 'section 4: the description is no JSON',
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
      status: 'warning',
      s3Version: { status: 'warning', subtype: 'invalid-json' },
    }),
  },
  {
    rule: 'section 5: zero keys in S3',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.export.commit = null;
    },
    expect: () => ({
      status: 'error',
      s3Version: { status: 'warning', subtype: 'description-missing' },
      s3Files: { status: 'error', subtype: 'export-missing' },
    }),
  },
  HOSTILE,
  {
    rule: 'section 3: an older tag is absent',
    options: three,
    change: (plan) => {
      delete mirrorOf(plan).tags['1.0.0'];
    },
    expect: () => ({
      status: 'warning',
      github: { status: 'warning', subtype: 'older-tag-missing' },
    }),
  },
  {
    rule: "section 3: a tag's commit differs from the registry's hexsha",
    options: three,
    change: (plan) => {
      commitAfter(plan, 'rewritten', '1.0.0');
      mirrorOf(plan).tags['1.0.0'] = { commit: 'rewritten' };
    },
    expect: () => ({ status: 'error', github: { status: 'error', subtype: 'sha-mismatch' } }),
  },
  {
    rule: 'section 3: no git-annex branch',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      delete mirrorOf(plan).branches['git-annex'];
    },
    expect: () => ({
      status: 'warning',
      github: { status: 'warning', subtype: 'annex-branch-missing' },
    }),
  },
  {
    rule: 'section 3: several findings at once, the first row gives the subtype',
    options: () => ({ ...three(), branch: 'master' }),
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
    }),
  },
  {
    rule: 'section 3: an annotated tag counts as the commit it peels to (ds000109)',
    options: () => ({ tags: ['00001', '2.0.0', '2.0.1'] }),
    change: (plan) => {
      const { tags } = mirrorOf(plan);
      tags['2.0.0'] = { commit: '2.0.0', annotated: true };
      tags['2.0.1'] = { commit: '2.0.1', annotated: true };
    },
    expect: () => ({}),
  },
];

const SECOND: readonly Special[] = [
  {
    rule: 'section 1: three generations of tags, and 1.0.9 before 1.0.13 (ds003216)',
    options: () => ({
      tags: ['580551b4cce88d0009a33677', '00001', '1.0.9', '1.0.10', '1.0.11', '1.0.12', '1.0.13'],
    }),
    expect: () => ({}),
  },
  {
    rule: 'section 5: gitlinks are never exported',
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
    rule: 'section 1: unlocked annexed files are pointer files in git',
    options: () => ({ tags: ['1.0.0', '1.0.1'], layout: { annex: 'pointer' } }),
    expect: () => ({}),
  },
  {
    rule: 'section 5: folder markers are bookkeeping',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) =>
      addToExport(plan, [plainFile('', ''), plainFile('sub-01/', ''), plainFile('stimuli/', '')]),
    // The key that equals the prefix is shown as ./
    expect: () => ({ s3Files: { bookkeeping: ['./', 'stimuli/', 'sub-01/'] } }),
  },
  {
    rule: 'section 4: a DOI that is none of the archive (mockDOI)',
    options: () => ({ tags: ['1.0.0'], doi: () => 'mockDOI' }),
    expect: () => ({ status: 'warning', s3Version: { status: 'warning', subtype: 'no-doi' } }),
  },
  {
    rule: "section 4: another dataset's DOI with our version (ds005752)",
    options: () => ({ tags: ['1.0.0'], doi: (_, tag) => `doi:${doiOf('ds004215', tag)}` }),
    expect: () => ({ s3Version: { doiDatasetId: 'ds004215' } }),
  },
  {
    rule: "section 4: another dataset's DOI with an older version",
    options: () => ({
      tags: ['1.0.0', '2.0.0'],
      doi: (_, tag) => doiOf('ds004215', tag),
    }),
    change: (plan) => {
      plan.export.commit = '1.0.0';
    },
    expect: () => ({
      status: 'version-mismatch',
      s3Version: {
        status: 'version-mismatch',
        subtype: 'doi-mismatch',
        version: '1.0.0',
        doiDatasetId: 'ds004215',
      },
    }),
  },
  {
    rule: 'sections 4 and 9: a DOI whose version is no tag (ds008020)',
    options: (id) => ({ tags: ['1.0.0', '1.0.1'], doi: () => doiOf(id, '1.0.2') }),
    expect: () => ({
      status: 'version-mismatch',
      s3Version: { status: 'version-mismatch', subtype: 'doi-mismatch', version: '1.0.2' },
      s3Files: tagAbsent,
    }),
  },
  {
    rule: 'section 4: the DOI may be a URL',
    options: () => ({ tags: ['1.0.0'], doi: (id, tag) => `https://doi.org/${doiOf(id, tag)}` }),
    expect: () => ({}),
  },
  {
    rule: 'sections 3 and 9: HEAD at git-annex (ds003367)',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      mirrorOf(plan).head = 'git-annex';
    },
    expect: () => ({
      status: 'warning',
      github: { status: 'warning', subtype: 'head-mismatch' },
    }),
  },
  {
    rule: 'section 7: a description that can never be measured (503) is pending, not bad',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.export.descriptionStatus = 503;
    },
    expect: () => ({
      status: 'pending',
      s3Version: { status: 'pending', version: null },
      s3Files: { status: 'pending' },
      unmeasured: { s3Version: 'http-5xx' },
    }),
  },
  {
    rule: 'section 2: a dataset with no snapshots is skipped with a note',
    options: () => ({ tags: [] }),
    expect: () => ({ registry: 'skipped' }),
  },
  {
    rule: 'section 2: a null node beside good ones is never dropped silently',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.registry.broken = 'node';
    },
    expect: () => ({ registry: 'broken' }),
  },
  {
    rule: 'section 2: a null edge beside good ones is never dropped silently',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.registry.broken = 'edge';
    },
    expect: () => ({ registry: 'broken' }),
  },
  {
    rule: 'section 5: missing and orphaned at once, missing gives the subtype',
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
    }),
  },
  {
    rule: 'section 1: SHA256E keys, and ETags of multipart uploads',
    options: () => ({ tags: ['1.0.0'], files: 90, layout: { kind: 'nwb' } }),
    expect: () => ({}),
  },
  {
    rule: 'section 9: a tag list with 33 snapshots',
    options: () => ({ tags: Array.from({ length: 33 }, (_, patch) => `1.0.${patch}`) }),
    expect: () => ({}),
  },
  {
    rule: 'sections 3 to 5: no repository and a blocked export (ds006347)',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.mirror = 'absent';
      plan.export.refusal = 403;
    },
    expect: () => ({
      status: 'error',
      githubVersion: null,
      github: nothingThere('repo-not-found'),
      s3Version: { status: 'error', subtype: 'blocked', version: null },
      s3Files: { status: 'error', notCompared: 'blocked' },
    }),
  },
  {
    rule: 'section 3: a server that names no symref; master is taken',
    options: () => ({ tags: ['1.0.0'], branch: 'master' }),
    change: (plan) => {
      mirrorOf(plan).head = null;
    },
    expect: () => ({}),
  },
  {
    rule: 'section 1: byte order, where UTF-16 units and folders would mislead',
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
    rule: 'section 5: only bookkeeping keys, so the export is missing',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.export.commit = null;
      addToExport(plan, [annexUuid('annex-uuid')]);
    },
    expect: () => ({
      status: 'error',
      s3Version: { status: 'warning', subtype: 'description-missing' },
      s3Files: { status: 'error', subtype: 'export-missing', bookkeeping: ['annex-uuid'] },
    }),
  },
  {
    rule: 'section 2: the registry gives no name',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      plan.name = null;
    },
    expect: () => ({}),
  },
  {
    rule: 'section 4: the description lies below an array, and no field is where it should be',
    options: () => ({ tags: ['1.0.0'] }),
    change: (plan) => {
      const wrapped = `[${descriptionOf('Wrapped', 'doi:10.18112/openneuro.ds000001.v1.0.0')}]\n`;
      describeExport(plan, wrapped);
    },
    expect: () => ({ status: 'warning', s3Version: { status: 'warning', subtype: 'no-doi' } }),
  },
];

/** The dataset whose only tag points elsewhere in a later revision of the archive (section 5). */
const movedTag = (revision: number): Special => ({
  rule: 'section 5: a tree is kept by commit, so a moved tag brings no false orphans',
  options: () => ({
    tags: ['1.0.0'],
    edit: (entries) =>
      revision === 0 ? entries : [...entries, plainFile('sub-01/sub-01_scans.tsv', 'filename\n')],
  }),
  expect: () => ({}),
});

/** @param revision 0, or a later state of the same archive: only the moved tag differs. */
export function specials(revision: number): readonly Special[] {
  return [...FIRST, ...SECOND, movedTag(revision)];
}
