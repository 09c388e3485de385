// Blobs of a repository, all through one `git cat-file --batch`.

import { Problem } from '../../core/problem.ts';
import type { GitFolder, GitProcess } from './git.ts';

interface Request {
  readonly id: string;
  readonly done: (bytes: Buffer) => void;
  readonly fail: (error: unknown) => void;
}

export function openObjects(git: GitFolder) {
  let running: GitProcess | undefined;
  let broken: unknown;
  let unsent = '';
  const waiting: Request[] = [];
  const refuse = (error: unknown) => {
    broken ??= error;
    for (const { fail } of waiting.splice(0)) fail(error);
  };

  const start = (): GitProcess => {
    const process = git.start(['cat-file', '--batch']);
    const answers = reader((header, bytes) => {
      const request = waiting.shift() as Request;
      if (bytes !== null) request.done(bytes);
      else request.fail(new Problem(noBlob(git.shown, request.id, header)));
    });
    process.child.stdout.on('data', answers);
    const early = () => new Problem(`git stopped reading ${git.shown} too early; run again`);
    process.ended.then(() => refuse(early()), refuse);
    return process;
  };

  return {
    async read(id: string): Promise<Buffer> {
      if (broken !== undefined) throw broken;
      running ??= start();
      const { stdin } = running.child;
      // All that is asked for at once is one write.
      if (unsent === '') {
        setImmediate(() => {
          stdin.write(unsent);
          unsent = '';
        });
      }
      unsent += `${id}\n`;
      return new Promise((done, fail) => {
        waiting.push({ id, done, fail });
      });
    },
    close() {
      running?.child.stdin.end();
    },
  };
}

const noBlob = (shown: string, id: string, header: string): string =>
  header.endsWith(' missing')
    ? `the repository ${shown} lacks the object ${id}: it is damaged, or a partial clone; a new, full clone helps`
    : `the repository ${shown} has no document where one should be (${header})`;

/** `{id} blob {size}`, the bytes and a line end; or one line that says why there are none. */
function reader(answer: (header: string, bytes: Buffer | null) => void): (piece: Buffer) => void {
  let kept: Buffer = Buffer.alloc(0);
  let missing = 0;
  const pieces: Buffer[] = [];
  return (piece) => {
    pieces.push(piece);
    missing -= piece.length;
    if (missing > 0) return;
    kept = pieces.length === 1 ? piece : Buffer.concat(pieces);
    pieces.length = 0;
    let at = 0;
    for (;;) {
      const line = kept.indexOf(0x0a, at);
      if (line < 0) break;
      const header = kept.toString('latin1', at, line);
      const [, type, size] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(header) ?? [];
      if (size === undefined) {
        answer(header, null);
        at = line + 1;
        continue;
      }
      const end = line + 1 + Number(size);
      if (kept.length < end + 1) {
        missing = end + 1 - kept.length;
        break;
      }
      answer(header, type === 'blob' ? kept.subarray(line + 1, end) : null);
      at = end + 1;
    }
    if (at < kept.length) pieces.push(kept.subarray(at));
    if (missing < 0) missing = 0;
  };
}
