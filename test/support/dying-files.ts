// A disk that fails in the middle of a write.

import { writeFile } from 'node:fs/promises';
import { diskFiles, type Files } from '../../bin/store/files.ts';

export type DyingFiles = Files & {
  /** Operations count from here on; without this call, none fails. */
  armed: boolean;
  died(): boolean;
  /** Operations that changed something, or would have. */
  changes(): number;
};

/** Files that fail in the n-th operation that changes anything, like a killed process. */
export function dyingFiles(n: number): DyingFiles {
  let changes = 0;
  const dies = () => {
    if (!files.armed) return false;
    changes += 1;
    if (changes > n) throw new Error('killed');
    return changes === n;
  };
  const files = {
    ...diskFiles,
    armed: false,
    died: () => changes >= n,
    changes: () => changes,
    async create(path: string, bytes: string | Buffer | Iterable<Buffer>) {
      if (!dies()) return diskFiles.create(path, bytes);
      const whole =
        typeof bytes === 'string' || Buffer.isBuffer(bytes)
          ? Buffer.from(bytes)
          : Buffer.concat([...bytes]);
      await writeFile(path, whole.subarray(0, whole.length / 2));
      throw new Error('killed');
    },
    async rename(from: string, to: string) {
      if (dies()) throw new Error('killed');
      await diskFiles.rename(from, to);
    },
    async syncFolder(path: string) {
      if (dies()) throw new Error('killed');
      await diskFiles.syncFolder(path);
    },
    async makeFolder(path: string) {
      if (dies()) throw new Error('killed');
      return diskFiles.makeFolder(path);
    },
    async remove(path: string) {
      if (dies()) throw new Error('killed');
      await diskFiles.remove(path);
    },
    async removeFolder(path: string) {
      if (dies()) throw new Error('killed');
      await diskFiles.removeFolder(path);
    },
  };
  return files;
}
