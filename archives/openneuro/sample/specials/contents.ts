// Datasets whose copies have the same names and differ in content, or cannot be read
// (docs/checks.md#contents and #access).

import { digest } from '../../../../sample/bytes.ts';
import { etagOf, keyedFile, plainFile, type SampleFile } from '../../../../sample/files.ts';
import { access } from '../../checks/s3-access.ts';
import { exportInstead, fileOf, oddKey, oneTag, SIDECAR, type Special, T1W } from './changes.ts';

/** The export's object of an annexed file, with other bytes or fewer of them. */
function altered(file: SampleFile, size: number): SampleFile {
  const md5 = digest('md5', `${file.path} as exported`);
  return keyedFile(file.path, { key: 'none', size, etag: etagOf(size, md5) });
}

export const CONTENTS: readonly Special[] = [
  {
    rule: '#contents: an annexed file is shorter in the export than its key says',
    options: oneTag,
    change: (plan) => exportInstead(plan, [altered(fileOf(plan, T1W), 5_000_001)]),
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
      exportInstead(plan, [altered(file, file.annexed?.size ?? 0)]);
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

export const ACCESS: readonly Special[] = [
  {
    rule: '#access: some objects are private',
    options: oneTag,
    change: (plan) => {
      plan.export.refuses = (path) => (path.startsWith('sub-') ? 403 : undefined);
    },
    expect: () => ({
      status: 'error',
      [access.id]: { status: 'error', subtype: 'partly-private' },
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
      [access.id]: { status: 'warning', subtype: 'listed-not-readable' },
    }),
  },
];
