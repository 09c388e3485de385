// The checksum of a zarr: `{md5}-{files}--{bytes}`, from paths, sizes and MD5s alone. Each folder
// has a document that names what is in it; the checksum is that of the root's.

import { hash } from 'node:crypto';
import { compareBytes } from '../../core/compare/byte-order.ts';

export interface ZarrFile {
  /** As text; `/` between folders. */
  readonly path: string;
  readonly size: number;
  /** 32 lowercase hex digits. */
  readonly md5: string;
}

export interface ZarrSum {
  readonly checksum: string;
  readonly files: number;
  readonly bytes: number;
  /** Paths with an empty part or a part `.`, which the checksum leaves out. At most 100. */
  readonly odd: readonly string[];
}

interface Entry {
  readonly digest: string;
  readonly name: string;
  readonly size: number;
}

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: Map<string, Entry>;
}

const ODD_SHOWN = 100;
const newFolder = (): Folder => ({ folders: new Map(), files: new Map() });

/** A later file of the same path replaces the earlier one. */
export function zarrChecksum(files: Iterable<ZarrFile>): ZarrSum {
  const root = newFolder();
  const odd: string[] = [];
  for (const { path, size, md5 } of files) {
    const given = path.split('/');
    const parts = given.filter((part) => part !== '' && part !== '.');
    if (parts.length !== given.length && odd.length < ODD_SHOWN) odd.push(path);
    const name = parts.pop();
    if (name === undefined) continue;
    let folder = root;
    for (const part of parts) {
      const inner = folder.folders.get(part) ?? newFolder();
      folder.folders.set(part, inner);
      folder = inner;
    }
    folder.files.set(name, { digest: md5, name, size });
  }
  const { digest, count, bytes } = sumOf(root);
  return { checksum: `${digest}-${count}--${bytes}`, files: count, bytes, odd };
}

/** Deep zarrs have some ten levels, so recursion is safe; S3 keys have at most 1,024 bytes. */
function sumOf({ folders, files }: Folder): { digest: string; count: number; bytes: number } {
  let count = files.size;
  let bytes = 0;
  for (const { size } of files.values()) bytes += size;
  const directories: Entry[] = [];
  for (const [name, folder] of folders) {
    const inner = sumOf(folder);
    directories.push({
      digest: `${inner.digest}-${inner.count}--${inner.bytes}`,
      name,
      size: inner.bytes,
    });
    count += inner.count;
    bytes += inner.bytes;
  }
  const document = `{"directories":${listed(directories)},"files":${listed([...files.values()])}}`;
  return { digest: hash('md5', document), count, bytes };
}

/** By code points, which is the order of UTF-8 bytes. */
function listed(entries: Entry[]): string {
  entries.sort((a, b) => compareBytes(a.name, b.name));
  const texts = entries.map(
    ({ digest, name, size }) => `{"digest":"${digest}","name":${ascii(name)},"size":${size}}`,
  );
  return `[${texts.join(',')}]`;
}

/** As JSON of Python writes it: everything outside of printable ASCII is escaped. */
const ascii = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
