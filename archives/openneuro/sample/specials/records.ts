// Datasets whose git-annex record differs from what is there (docs/checks.md#record).

import { digest } from '../../../../sample/bytes.ts';
import { gitlink, keyedFile } from '../../../../sample/files.ts';
import { exportBehind, oneTag, type Special, T1W, threeTags } from './changes.ts';
export const RECORDS: readonly Special[] = [
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
