// The differences between the paths of a commit and the keys of an export: a merge of two sorted
// streams that keeps only its results and the last three git paths (docs/checks.md#files).

import type { ListedObject, TreeContent } from '../protocols/sources.ts';
import { type BinaryString, compareBytes, detached, fromBinary } from './byte-order.ts';

export interface GitPath {
  readonly path: BinaryString;
  readonly content: Pick<TreeContent, 'kind'>;
}

/**
 * Whether an export of a commit must hold the entry. git-annex exports neither submodules nor
 * symlinks that lead into no annex (git-annex 10.20230126; ds006185 has 408 of these).
 */
export const isExported = ({ kind }: GitPath['content']): boolean =>
  kind !== 'gitlink' && kind !== 'symlink';

/** Called with every exported path that has its key. */
export type OnBoth<Path extends GitPath> = (path: Path, object: ListedObject) => void;

/** An object written by the export's own tools; called only for keys that git lacks. */
export type IsBookkeeping = (key: BinaryString, size: number) => boolean;

/** All lists in byte order, without duplicates. */
export interface DiffResult<Path = BinaryString> {
  /**
   * Only bookkeeping keys exist: then `added` holds every exported path, and `context` is empty.
   */
  readonly exportMissing: boolean;
  /** All keys, bookkeeping included. */
  readonly totalS3Files: number;
  /** All paths, including those that are not exported. */
  readonly totalGitFiles: number;
  /** In git, not in S3. */
  readonly added: readonly Path[];
  /** In S3, not in git. */
  readonly removed: readonly Path[];
  readonly context: readonly Path[];
  /**
   * Keys that are not faults: bookkeeping of the export's tools, and names of unexported entries.
   */
  readonly bookkeeping: readonly Path[];
  readonly submodules: readonly Path[];
  /** The dataset's own symlinks. */
  readonly symlinks: readonly Path[];
}

export interface Diff {
  /** The next keys of the export, in byte order and after all earlier keys. */
  push(objects: readonly ListedObject[]): void;
  /** Call once, when the listing is complete. */
  end(): DiffResult;
}

/** "git paths within 3 places, in sorted order, of a changed path" (docs/checks.md#files). */
const CONTEXT_PLACES = 3;

/**
 * Compares `git`, in byte order, with the pushed keys.
 *
 * Only exported paths have places. Submodules and plain symlinks have none: they are listed
 * separately, never as added or context. A key with the name of one is in git, so it is bookkeeping
 * and not an orphan. A key below one is an orphan.
 *
 * @throws Error if a stream is not in strict byte order: its reader missed a fault.
 */
export function createDiff<Path extends GitPath>(
  git: Iterable<Path>,
  isBookkeeping: IsBookkeeping,
  onBoth?: OnBoth<Path>,
): Diff {
  const paths = inOrder(git);
  const added: BinaryString[] = [];
  const removed: BinaryString[] = [];
  const bookkeeping: BinaryString[] = [];
  const submodules: BinaryString[] = [];
  const symlinks: BinaryString[] = [];
  const context = contextRing();
  let totalGitFiles = 0;
  let totalS3Files = 0;
  let lastKey: BinaryString | undefined;
  let head = paths.next().value;

  const passHead = (path: Path, hasKey: boolean): void => {
    totalGitFiles++;
    if (!isExported(path.content)) {
      (path.content.kind === 'gitlink' ? submodules : symlinks).push(path.path);
    } else if (hasKey) context.unchanged(path.path);
    else {
      added.push(path.path);
      context.added();
    }
    head = paths.next().value;
  };

  const take = (object: ListedObject): void => {
    const { key, size } = object;
    if (lastKey !== undefined && key <= lastKey) throw new Error('keys are not in byte order');
    lastKey = key;
    totalS3Files++;
    while (head && head.path < key) passHead(head, false);
    if (head && head.path === key) {
      if (isExported(head.content)) onBoth?.(head, object);
      else bookkeeping.push(head.path);
      passHead(head, true);
    } else if (isBookkeeping(key, size)) bookkeeping.push(detached(key));
    else {
      removed.push(detached(key));
      context.removed();
    }
  };

  return {
    push: (objects) => objects.forEach(take),
    end() {
      while (head) passHead(head, false);
      const exportMissing = totalS3Files === bookkeeping.length;
      const lists = { added, removed, context: context.paths, bookkeeping, submodules, symlinks };
      return { exportMissing, totalS3Files, totalGitFiles, ...lists };
    },
  };
}

/**
 * The result as in documents: paths as text, sorted by the bytes of that text. The empty key, a
 * folder marker of the dataset itself, is shown as `./`.
 */
export function toDocument(result: DiffResult): DiffResult<string> {
  return {
    ...result,
    added: shown(result.added),
    removed: shown(result.removed),
    context: shown(result.context),
    bookkeeping: shown(result.bookkeeping),
    submodules: shown(result.submodules),
    symlinks: shown(result.symlinks),
  };
}

/**
 * Sorted again: `./` and U+FFFD (for bytes that are not UTF-8) may sort differently from what they
 * replace.
 */
function shown(paths: readonly BinaryString[]): string[] {
  return paths.map((path) => (path === '' ? './' : fromBinary(path))).sort(compareBytes);
}

function* inOrder<Path extends GitPath>(git: Iterable<Path>): Generator<Path, undefined> {
  let last: BinaryString | undefined;
  for (const path of git) {
    if (last !== undefined && path.path <= last) throw new Error('git paths are not in byte order');
    last = path.path;
    yield path;
  }
  return undefined;
}

/**
 * Collects context while paths pass. It holds the last three places, with the path if it is still
 * neither changed nor context, and counts how many following places a change still reaches.
 */
function contextRing() {
  const paths: BinaryString[] = [];
  const ring: (BinaryString | null)[] = [];
  let place = 0;
  let ahead = 0;

  const pass = (waiting: BinaryString | null): void => {
    ring[place % CONTEXT_PLACES] = waiting;
    place++;
  };
  const changed = (): void => {
    for (let at = Math.max(0, place - CONTEXT_PLACES); at < place; at++) {
      const waiting = ring[at % CONTEXT_PLACES];
      if (typeof waiting === 'string') paths.push(waiting);
      ring[at % CONTEXT_PLACES] = null;
    }
    ahead = CONTEXT_PLACES;
  };

  return {
    paths: paths as readonly BinaryString[],
    unchanged(path: BinaryString): void {
      if (ahead > 0) {
        ahead--;
        paths.push(path);
        pass(null);
      } else pass(path);
    },
    /** A changed path with its own place. */
    added(): void {
      changed();
      pass(null);
    },
    /** A changed path between two places. */
    removed: changed,
  };
}
