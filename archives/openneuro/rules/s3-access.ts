// Which keys of an export are asked for without credentials (docs/checks.md#access), and what was answered.
// checks/s3-access.ts judges it.

import { compareBytes, detached, fromBinary } from '../../../core/compare/byte-order.ts';
import { spread } from '../../../core/compare/spread.ts';
import { documentOf } from '../../../core/monitor/verdict.ts';
import type { BinaryString, ListedObject } from '../../../core/protocols/sources.ts';
import { isBookkeeping } from '../bookkeeping.ts';
import { access } from '../checks/s3-access.ts';
import type { S3Access } from '../documents.ts';

/** The bound on what a run may ask of a dataset. */
const MAX_KEYS = 10;

/** No URL can name a key with such parts: every reader takes them for steps. */
const STEPS = /(?:^|\/)\.\.?(?:\/|$)/;

/**
 * Chooses up to ten keys out of a listing that passes by: first, last, largest, newest, first and last
 * of those archived, and one each of as many top folders as there is room for. Which folders, and which key of one, depends on
 * dataset, tag and day alone, so that a second look on the same day asks the same, and a fault in
 * some folder is found within days.
 */
export function createKeyChoice(dataset: string, tag: string, day: string) {
  const seed = spread(`${dataset}\n${tag}\n${day}\n`);
  let first: ListedObject | undefined;
  let last: ListedObject | undefined;
  let largest: ListedObject | undefined;
  let newest: ListedObject | undefined;
  let archivedKeys = 0;
  let firstArchived: ListedObject | undefined;
  let lastArchived: ListedObject | undefined;
  /** The folder that passes by, with the key of the least hash so far. */
  let folder: ({ name: string } & Ranked) | undefined;
  let folders: Ranked[] = [];

  const closeFolder = (): void => {
    if (folder === undefined) return;
    const { name, key, archived } = folder;
    folders.push({ rank: spread(name, seed), key: detached(key), archived });
    if (folders.length > 4 * MAX_KEYS) folders = leastOf(folders);
    folder = undefined;
  };

  return {
    push(objects: readonly ListedObject[]): void {
      for (const object of objects) {
        const { key, size, modified = '', archived = false } = object;
        if (isBookkeeping(key, size) || STEPS.test(key)) continue;
        first ??= object;
        last = object;
        if (largest === undefined || size > largest.size) largest = object;
        if (archived) {
          archivedKeys += 1;
          firstArchived ??= object;
          lastArchived = object;
        }
        if (newest === undefined || modified > (newest.modified ?? '')) newest = object;
        const name = key.slice(0, key.indexOf('/') + 1);
        const rank = spread(key, seed);
        if (folder?.name !== name) {
          closeFolder();
          folder = { name, rank, key, archived };
        } else if (rank < folder.rank) folder = { name, rank, key, archived };
      }
    },
    /** By byte order, each once. */
    choose(): ChosenKeys {
      closeFolder();
      const fixed = [first, last, largest, newest, firstArchived, lastArchived];
      const chosen = new Map<BinaryString, boolean>();
      for (const object of fixed) {
        if (object !== undefined) chosen.set(object.key, object.archived ?? false);
      }
      for (const { key, archived } of leastOf(folders)) {
        if (chosen.size < MAX_KEYS) chosen.set(key, archived);
      }
      const keys = Array.from(chosen, ([key, archived]) => ({ key, archived }));
      return { keys: keys.sort((a, b) => (a.key < b.key ? -1 : 1)), archivedKeys };
    },
  };
}

/** Folders that stand apart in the listing (a root file between them) may come twice, in its order. */
function leastOf(folders: Ranked[]): Ranked[] {
  return folders.sort((a, b) => a.rank - b.rank).slice(0, MAX_KEYS);
}

interface Ranked extends ChosenKey {
  readonly rank: number;
}

export interface ChosenKey {
  readonly key: BinaryString;
  /** By the listing, which does not tell whether it was restored. */
  readonly archived: boolean;
}

export interface ChosenKeys {
  readonly keys: readonly ChosenKey[];
  /** How many of the keys that passed by are archived. */
  readonly archivedKeys: number;
}

export interface AskedKey {
  readonly key: BinaryString;
  /** 200, 403 or 404. */
  readonly httpStatus: number;
  /** And not restored: nobody can read it. */
  readonly archived?: boolean;
}

/**
 * @param asked with an answer each; none where nothing was listed
 * @param archivedKeys listed keys of an archived storage class
 */
export function accessDocument(
  datasetId: string,
  asked: readonly AskedKey[],
  archivedKeys = 0,
): S3Access {
  const shown = asked
    .map(({ key, httpStatus, archived }) => ({
      path: fromBinary(key),
      httpStatus,
      ...(archived && { archived }),
    }))
    .sort((a, b) => compareBytes(a.path, b.path));
  const evidence = { asked: shown, ...(archivedKeys > 0 && { archivedKeys }) };
  return documentOf(access, datasetId, { evidence, entry: null });
}
