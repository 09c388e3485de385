// What is wrong with single things of a check: tags, versions, zarrs, manifests.

import { list, record, text } from '../../../frontend/dataset/documents.ts';

export interface Item {
  readonly path: string;
  readonly remark: string;
}

type ReadItems = (document: Readonly<Record<string, unknown>>) => readonly Item[];

const total = (value: unknown): number => {
  const { count } = record(value ?? {});
  return typeof count === 'number' ? count : 0;
};
const short = (value: unknown): string =>
  typeof value === 'string' ? `${value.slice(0, 8)}…` : 'nothing';

/** By check; only what is wrong. Throws where a document is not as expected. */
export const ITEMS: Readonly<Record<string, readonly [name: string, read: ReadItems]>> = {
  tags: [
    'Versions',
    ({ versions }) =>
      list(versions, record).flatMap(({ version, commit, isAnnotated, isBroken }) => {
        const remark =
          commit === null
            ? 'no tag'
            : isBroken
              ? 'its tag leads to no commit'
              : isAnnotated
                ? null
                : 'not annotated';
        return remark === null ? [] : [{ path: text(version), remark }];
      }),
  ],
  versions: [
    'Tags',
    ({ versions }) =>
      list(versions, record).flatMap(({ version, missing, extra, differing, recorded }) => {
        const counts = [
          [total(missing), 'missing'],
          [total(extra), 'too many'],
          [total(differing), 'with other contents'],
          [total(recorded), 'recorded with other ids'],
        ].filter(([count]) => count !== 0);
        const remark = counts.map(([count, what]) => `${count} ${what}`).join(', ');
        return remark === '' ? [] : [{ path: text(version), remark }];
      }),
  ],
  zarrs: [
    'Zarrs',
    ({ zarrs }) =>
      list(zarrs, record).flatMap((one) => {
        const remarks = [
          one.registry !== one.stated &&
            `mirror ${short(one.stated)}, archive ${short(one.registry)}`,
          one.computed !== one.stated && `files of the mirror ${short(one.computed)}`,
          one.bucket !== null && one.bucket !== one.registry && `bucket ${differs(one)}`,
          one.pin !== null &&
            one.draft !== null &&
            one.pin !== one.draft &&
            'link to an older commit',
          one.section === 'none' && 'no submodule',
          one.section === 'several' && 'two submodules',
          one.isSsh && 'address for SSH',
        ].filter((remark) => typeof remark === 'string');
        return remarks.length === 0 ? [] : [{ path: text(one.path), remark: remarks.join('; ') }];
      }),
  ],
  manifests: [
    'Manifests',
    ({ manifests }) =>
      list(manifests, record).flatMap(({ version, name, status, modified }) =>
        status === 200
          ? []
          : [
              {
                path: `${version}/${name}`,
                remark: `HTTP ${status}${modified ? `, ${modified}` : ''}`,
              },
            ],
      ),
  ],
};

const SUM = /^(.{32})-(\d+)--(\d+)$/;

/** Which part of the checksums differs: `{md5}-{files}--{bytes}`. */
function differs({ bucket, registry }: Readonly<Record<string, unknown>>): string {
  const [, , files, bytes] = SUM.exec(String(bucket)) ?? [];
  const [, , ofFiles, ofBytes] = SUM.exec(String(registry)) ?? [];
  if (files !== ofFiles) return `has ${files} files, not ${ofFiles}`;
  return bytes === ofBytes ? 'has other contents' : `has ${bytes} bytes, not ${ofBytes}`;
}
