// What a dataset's copies show when nothing is wrong. A break (breaks.ts) damages them.

import { hash } from 'node:crypto';
import { compareBytes } from '../../core/compare/byte-order.ts';
import { parseAnnexKey } from '../../core/protocols/git/annex-key.ts';
import type { TreeContent } from '../../core/protocols/sources.ts';

/** A file of a dataset, as its uploader left it. */
export interface File {
  readonly kind: 'plain' | 'annexed' | 'gitlink' | 'symlink';
  readonly size: number;
  readonly md5: string;
}
export type Files = ReadonlyMap<string, File>;

export interface Snapshot {
  readonly tag: string;
  /** ISO 8601. */
  readonly created: string;
  readonly commit: string;
  readonly files: Files;
}

export interface StoredObject {
  size: number;
  etag: string;
  archived?: true;
}

/** Everything of a dataset that a source may be asked for. */
export interface Copies {
  readonly id: string;
  readonly snapshots: readonly Snapshot[];
  /** Instead of refs. */
  mirrorRefusal: 'absent' | 'disabled' | 'denied' | null;
  head: string | null;
  /** Absent when the server does not report HEAD. */
  headCommit?: string | null;
  readonly branches: Map<string, string>;
  readonly tags: Map<string, string>;
  /** Commit to its files. */
  readonly commits: Map<string, Files>;
  /** Text of the description, or the answer that replaces it. */
  description: string | { readonly refusal: 'absent' | 'archived' | 'denied' };
  readonly objects: Map<string, StoredObject>;
  /** Status of a HEAD if it is not 200. */
  readonly access: Map<string, 403 | 404>;
  annexBranch: boolean;
  readonly annex: { remotes: string[]; exportedTree: string | null; incomplete: string[] };
  /** Annex keys with a recorded S3 version. */
  readonly versioned: Set<string>;
}

export const UUID = '5a000000-0000-4000-8000-000000000001';
export const OTHER_UUID = '5a000000-0000-4000-8000-000000000002';
const BUCKET = 'openneuro.org';

const digests = new Map<string, string>();
/** 40 hex digits derived from a text. */
export function idOf(text: string): string {
  let id = digests.get(text);
  if (id === undefined) {
    id = hash('sha1', text);
    digests.set(text, id);
  }
  return id;
}

/** A file whose content is derived from a text. */
export function fileOf(kind: File['kind'], content: string): File {
  const md5 = hash('md5', content);
  return { kind, md5, size: 1 + (Number.parseInt(md5.slice(0, 4), 16) % 5000) };
}

/** The n-th snapshot of a dataset: each adds a subject and rewrites CHANGES. */
export function snapshotOf(id: string, nth: number, created: string): Snapshot {
  const files = new Map<string, File>();
  const plain = (path: string, revision: number) =>
    files.set(path, fileOf('plain', `${id} ${path} ${revision}`));
  plain('CHANGES', nth);
  plain('README', 0);
  plain('dataset_description.json', 0);
  for (let subject = 1; subject <= nth + 1; subject += 1) {
    const path = `sub-0${subject}/anat/T1w.nii.gz`;
    files.set(path, fileOf('annexed', `${id} ${path}`));
  }
  // Every other dataset has files that git-annex does not export.
  if (Number(id.slice(-1)) % 2 === 0) {
    files.set('code/pipeline', fileOf('gitlink', 'pipeline'));
    files.set('latest', fileOf('symlink', 'CHANGES'));
  }
  const tag = `1.0.${nth}`;
  return { tag, created, commit: idOf(`commit ${id} ${tag}`), files };
}

export const isExported = ({ kind }: File): boolean => kind === 'plain' || kind === 'annexed';

export const treeOf = (files: Files): string =>
  idOf(`tree ${Array.from(files, ([path, { md5 }]) => `${path} ${md5}`).join('\n')}`);

const keyOf = ({ size, md5 }: File): string => `MD5E-s${size}--${md5}.nii.gz`;

export function contentOf(file: File): TreeContent {
  if (file.kind === 'gitlink' || file.kind === 'symlink') return { kind: file.kind };
  if (file.kind === 'plain') return { kind: 'plain', size: file.size, md5: file.md5 };
  const key = parseAnnexKey(keyOf(file));
  if (key === null) throw new Error('no annex key');
  return { kind: 'annexed', key };
}

export const inOrder = (files: Files): [string, File][] =>
  [...files].sort(([a], [b]) => compareBytes(a, b));

export const descriptionText = (id: string, version: string | null): string =>
  JSON.stringify({
    Name: `Study ${id}`,
    ...(version && { DatasetDOI: `doi:10.18112/openneuro.${id}.v${version}` }),
  });

/** Puts only a snapshot's files into the bucket. */
export function exportFiles(copies: Copies, files: Files): void {
  copies.objects.clear();
  for (const [path, file] of files) {
    if (isExported(file)) copies.objects.set(path, { size: file.size, etag: file.md5 });
  }
}

/** All copies in step with the newest snapshot. */
export function healthyCopies(id: string, snapshots: readonly Snapshot[]): Copies {
  const latest = snapshots.at(-1) as Snapshot;
  const copies: Copies = {
    id,
    snapshots,
    mirrorRefusal: null,
    head: 'main',
    branches: new Map([['main', latest.commit]]),
    tags: new Map(snapshots.map(({ tag, commit }) => [tag, commit])),
    commits: new Map(snapshots.map(({ commit, files }) => [commit, files])),
    description: descriptionText(id, latest.tag),
    objects: new Map(),
    access: new Map(),
    annexBranch: true,
    annex: { remotes: [UUID], exportedTree: treeOf(latest.files), incomplete: [] },
    versioned: new Set(
      snapshots.flatMap(({ files }) =>
        [...files.values()].filter(({ kind }) => kind === 'annexed').map(keyOf),
      ),
    ),
  };
  exportFiles(copies, latest.files);
  copies.objects.set('annex-uuid', { size: 36, etag: hash('md5', 'annex-uuid') });
  return copies;
}

/** Path on the git-annex branch to the text there. */
export function annexFiles({ id, annex, versioned }: Copies): Map<string, string> {
  const files = new Map<string, string>();
  const remote = (uuid: string) =>
    `${uuid} bucket=${BUCKET} fileprefix=${id}/ name=s3-PUBLIC type=S3 timestamp=1s\n`;
  files.set('remote.log', annex.remotes.map(remote).join(''));
  const trees = [annex.exportedTree, ...annex.incomplete].join(' ');
  if (annex.exportedTree !== null) files.set('export.log', `9s ${OTHER_UUID}:${UUID} ${trees}\n`);
  for (const key of versioned) {
    files.set(`${idOf(key).slice(0, 3)}/${key}.log.rmet`, `1s ${UUID}:V +v1#${id}/${key}\n`);
  }
  return new Map([...files].sort(([a], [b]) => compareBytes(a, b)));
}

/** The branch's own files decide its commit, as in git. */
export const annexCommitOf = (copies: Copies): string =>
  idOf(`annex ${copies.id} ${JSON.stringify([...annexFiles(copies)])}`);
