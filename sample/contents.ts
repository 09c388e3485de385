// Datasets whose copies have the same names and are not the same: one for every row of the checks
// of what is inside (docs/checks.md#contents and #access and #record and #causes).

import { digest } from './bytes.ts';
import { etagOf, gitlink, keyedFile, plainFile, type SampleFile } from './files.ts';
import {
  addToExport,
  exportBehind,
  exportInstead,
  fileOf,
  mirrorOf,
  type Special,
  threeTags,
} from './special.ts';

const T1W = 'sub-01/anat/sub-01_T1w.nii.gz';
const SIDECAR = 'sub-01/anat/sub-01_T1w.json';
const oneTag = () => ({ tags: ['1.0.0'] });
const sortedAsText = { tags: ['1.0.7', '1.0.8', '1.0.9', '1.0.10', '1.0.11'] };

/** What the export has of an annexed file, with other bytes or fewer of them. */
function spoilt(file: SampleFile, size: number): SampleFile {
  const md5 = digest('md5', `${file.path} as exported`);
  return keyedFile(file.path, { key: 'none', size, etag: etagOf(size, md5) });
}

/** An annexed file whose key is as it is given; its object has the size and some MD5. */
function oddKey(path: string, key: string, size: number): SampleFile {
  return keyedFile(path, { key, size, etag: digest('md5', key) });
}

const CONTENT: readonly Special[] = [
  {
    rule: '#contents: an annexed file is shorter in the export than its key says',
    options: oneTag,
    change: (plan) => exportInstead(plan, [spoilt(fileOf(plan, T1W), 5_000_001)]),
    expect: () => ({
      status: 'error',
      s3Content: { status: 'error', subtype: 'size-mismatch', sizes: [T1W] },
      causes: ['objects-changed'],
    }),
  },
  {
    rule: '#contents: an annexed file has the size and not the MD5 of its key',
    options: oneTag,
    change: (plan) => {
      const file = fileOf(plan, T1W);
      exportInstead(plan, [spoilt(file, file.annexed?.size ?? 0)]);
    },
    expect: () => ({
      causes: ['objects-changed'],
      status: 'error',
      s3Content: { status: 'error', subtype: 'content-mismatch', contents: [T1W] },
    }),
  },
  {
    rule: '#contents: plain files of git with another size and with other bytes',
    options: oneTag,
    change: (plan) =>
      exportInstead(plan, [
        plainFile(SIDECAR, '{}\n'),
        plainFile('participants.tsv', 'participant_id\tage\tsex\nsub-01\t27\tF\nsub-02\t24\tM\n'),
      ]),
    expect: () => ({
      status: 'error',
      s3Content: {
        status: 'error',
        subtype: 'size-mismatch',
        sizes: [SIDECAR],
        contents: ['participants.tsv'],
      },
      causes: ['objects-changed'],
    }),
  },
  {
    rule: '#contents: nothing is known of big plain files and of keys without a size',
    options: () => ({
      tags: ['1.0.0'],
      edit: (entries) => [
        ...entries,
        plainFile('code/analysis.py', `${'# '.padEnd(70_000, '=')}\n`),
        oddKey('stimuli/a.mp4', 'URL--https&c%%example.org%a.mp4', 70_001),
        oddKey('stimuli/b.wav', 'WORM-s20480-m1580000000--b.wav', 20_480),
        oddKey('stimuli/COR-001', `SHA256E-s65536--${digest('sha256', 'COR')}COR-001`, 65_536),
      ],
    }),
    expect: () => ({
      s3Content: { nothing: 2, sizeOnly: 2 },
    }),
  },
  {
    rule: '#contents: the ETag of a multipart upload is no MD5',
    options: (id) => ({
      tags: ['1.0.0'],
      edit: (entries) => {
        const size = 3 * 2 ** 30 + 11;
        const md5 = digest('md5', `${id} big`);
        const key = `MD5E-s${size}--${md5}.nii.gz`;
        const path = 'sub-01/func/sub-01_task-long_bold.nii.gz';
        return [...entries, keyedFile(path, { key, size, etag: etagOf(size, md5) })];
      },
    }),
    expect: () => ({ s3Content: { sizeOnly: 1 } }),
  },
];

const ACCESS: readonly Special[] = [
  {
    rule: '#access: some objects are private',
    options: oneTag,
    change: (plan) => {
      plan.export.refuses = (path) => (path.startsWith('sub-') ? 403 : undefined);
    },
    expect: () => ({
      status: 'error',
      s3Access: { status: 'error', subtype: 'partly-private' },
      causes: ['still-private'],
    }),
  },
  {
    rule: '#access: objects are listed and not there when asked for',
    options: oneTag,
    change: (plan) => {
      plan.export.refuses = (path) => (path.startsWith('sub-') ? 404 : undefined);
    },
    expect: () => ({
      causes: ['no-known-cause'],
      status: 'warning',
      s3Access: { status: 'warning', subtype: 'listed-not-readable' },
    }),
  },
];

const RECORD: readonly Special[] = [
  {
    rule: '#record: the record says that an older version was exported',
    options: threeTags,
    change: (plan) => {
      plan.annex.claimed = ['1.0.0', '1.0.1'];
    },
    expect: () => ({
      causes: ['export-not-renewed'],
      status: 'version-mismatch',
      annexRecord: exportBehind('1.0.1'),
    }),
  },
  {
    rule: '#record: an export was begun and not ended',
    options: threeTags,
    change: (plan) => {
      plan.annex.underway = ['1.0.1'];
    },
    expect: () => ({
      status: 'warning',
      annexRecord: { status: 'warning', subtype: 'export-incomplete' },
      causes: ['export-cut-short'],
    }),
  },
  {
    rule: '#record: annexed files without an S3 version id',
    options: oneTag,
    change: (plan) => {
      plan.annex.unversioned = (path) => path === T1W;
    },
    expect: () => ({
      causes: ['no-known-cause'],
      status: 'warning',
      annexRecord: { status: 'warning', subtype: 'unversioned-keys', unversioned: 1 },
    }),
  },
  {
    rule: '#record: the only s3-PUBLIC remote is dead',
    options: oneTag,
    change: (plan) => {
      plan.annex.remotes = [{ seed: 'public', name: 's3-PUBLIC', trust: 'dead' }];
    },
    expect: () => ({
      causes: ['no-known-cause'],
      status: 'warning',
      annexRecord: { status: 'warning', subtype: 'remotes' },
    }),
  },
  {
    rule: '#record: two living s3-PUBLIC remotes',
    options: oneTag,
    change: (plan) => {
      plan.annex.remotes = [
        { seed: 'public', name: 's3-PUBLIC' },
        { seed: 'again', name: 's3-PUBLIC' },
      ];
    },
    expect: () => ({
      causes: ['no-known-cause'],
      status: 'warning',
      annexRecord: { status: 'warning', subtype: 'remotes' },
    }),
  },
  {
    rule: '#record: of two s3-PUBLIC remotes one is dead, and the living one was dead once',
    options: threeTags,
    change: (plan) => {
      plan.annex.remotes = [
        { seed: 'old', name: 's3-PUBLIC', trust: 'dead' },
        { seed: 'public', name: 's3-PUBLIC', trust: 'revived' },
        { seed: 'private', name: 's3-PRIVATE', bucket: 'openneuro-private' },
      ];
      plan.annex.exportedTo = 1;
      // Older lines of the same pair stay in the log.
      plan.annex.claimed = ['1.0.0', '1.0.1', '1.1.0'];
    },
    expect: () => ({}),
  },
  {
    rule: '#record: gitlinks are not in the exported tree',
    options: () => ({
      tags: ['1.0.0'],
      edit: (entries) => [...entries, gitlink('code/pipeline', 'a'), gitlink('raw', 'b')],
    }),
    expect: () => ({ s3Files: { submodules: ['code/pipeline', 'raw'] } }),
  },
  {
    rule: '#record: names with white space in the record of versions',
    options: () => ({
      tags: ['1.0.0'],
      edit: (entries) => [
        ...entries,
        ...['a b.wav', '\u00E0 la carte.wav', '!.wav'].map((name, place) => {
          const md5 = digest('md5', name);
          const key = `MD5E-s${4_000 + place}--${md5}.wav`;
          return keyedFile(`stimuli/${name}`, { key, size: 4_000 + place, etag: md5 });
        }),
      ],
    }),
    expect: () => ({}),
  },
];

const MIRROR: readonly Special[] = [
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

export const CONTENTS: readonly Special[] = [...CONTENT, ...ACCESS, ...RECORD, ...MIRROR];
