// Which keys of an export are requested without credentials (docs/checks.md#access), and the
// answers. checks/s3-access.ts judges them.

import {
  type BinaryString,
  compareBytes,
  detached,
  fromBinary,
} from '../../../core/compare/byte-order.ts';
import { spread } from '../../../core/compare/spread.ts';
import { documentOf } from '../../../core/monitor/verdict.ts';
import type { ListedObject } from '../../../core/protocols/sources.ts';
import { isBookkeeping } from '../bookkeeping.ts';
import { access } from '../checks/s3-access.ts';
import type { S3Access } from '../documents.ts';

/** The limit on requests of a run to a dataset. */
const MAX_KEYS = 10;

/** Days for which the same keys are asked for: a new choice is a new document to write. */
export const ACCESS_TURN_DAYS = 7;

/** No URL can name a key with such parts: every reader resolves them as path steps. */
const STEPS = /(?:^|\/)\.\.?(?:\/|$)/;

/**
 * Chooses up to ten keys from a streamed listing: first, last, largest, newest, first and last
 * archived ones, and one key from each of as many top folders as fit. Dataset, tag and turn alone
 * decide which folders, and which key of each. So a re-check in the same turn asks for the same
 * keys, and a fault in some folder is found within weeks.
 */
export function createKeyChoice(dataset: string, tag: string, turn: string) {
  const seed = spread(`${dataset}\n${tag}\n${turn}\n`);
  let first: ListedObject | undefined;
  let last: ListedObject | undefined;
  let largest: ListedObject | undefined;
  let newest: ListedObject | undefined;
  let archivedKeys = 0;
  let firstArchived: ListedObject | undefined;
  let lastArchived: ListedObject | undefined;
  /** The current folder, with its key of the lowest hash so far. */
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

/**
 * Folders that are split in the listing (a root file between the parts) may come twice, in its
 * order.
 */
function leastOf(folders: Ranked[]): Ranked[] {
  return folders.sort((a, b) => a.rank - b.rank).slice(0, MAX_KEYS);
}

interface Ranked extends ChosenKey {
  readonly rank: number;
}

export interface ChosenKey {
  readonly key: BinaryString;
  /** By the listing, which does not say whether it was restored. */
  readonly archived: boolean;
}

export interface ChosenKeys {
  readonly keys: readonly ChosenKey[];
  /** How many of the listed keys are archived. */
  readonly archivedKeys: number;
}

export interface AskedKey {
  readonly key: BinaryString;
  /** 200, 403 or 404. */
  readonly httpStatus: number;
  /** True: not restored, so nobody can read it. */
  readonly archived?: boolean;
}

/**
 * @param asked each with an answer; empty if nothing was listed
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
