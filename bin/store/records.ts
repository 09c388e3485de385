// Records in the folder store: all of a dataset in one file, by check, because separate files took
// longer to open than to read.

import { basename } from 'node:path';
import * as z from 'zod';
import { fitting } from '../../core/documents/json.ts';
import {
  type CheckRecord,
  checkRecordSchema,
  upgradeRecord,
} from '../../core/documents/records.ts';
import { isDatasetId } from '../../core/ids.ts';
import { StoredDocumentError } from '../../core/monitor/store.ts';
import { checkStored, parseStored, RefusedPathError } from '../../core/monitor/stored-document.ts';
import { OWN_FOLDER } from './atomic.ts';
import type { OwnFiles } from './own-files.ts';

/** Number of record files after which other work gets the thread. */
const RECORDS_AT_ONCE = 64;
/** More than the datasets in progress at once. */
const DECODED_DATASETS = 64;

const RECORDS_FOLDER = `${OWN_FOLDER}/records`;

/** As stored, unchecked. */
const recordsSchema = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'not an object',
);
export type Records = z.infer<typeof recordsSchema>;

/** Without bytes if there is no file. */
export interface RecordsFile {
  readonly records: Records;
  readonly bytes: Buffer | undefined;
}

export interface RecordFiles {
  read(dataset: string): Promise<RecordsFile>;
  /** Remembers what the bytes of a file hold, so that they are not decoded again. */
  remember(dataset: string, bytes: Buffer, records: Records): void;
  recordOf(records: Records, dataset: string, check: string): CheckRecord | undefined;
  /** A record to be stored as it is; `recordOf` need not check it again. @throws UnencodableError */
  fit(record: CheckRecord): CheckRecord;
  list(): AsyncGenerator<CheckRecord>;
}

export function recordFiles({
  read,
  unlessUnreadable,
  names,
}: Pick<OwnFiles, 'read' | 'unlessUnreadable' | 'names'>): RecordFiles {
  /** A run reads a dataset's records a dozen times, mostly as it wrote them. */
  const decoded = new Map<string, RecordsFile & { readonly bytes: Buffer }>();
  const remember = (dataset: string, bytes: Buffer, records: Records): void => {
    decoded.delete(dataset);
    decoded.set(dataset, { bytes, records });
    const [oldest] = decoded.keys();
    if (decoded.size > DECODED_DATASETS && oldest !== undefined) decoded.delete(oldest);
  };
  const readRecords = async (dataset: string): Promise<RecordsFile> => {
    const path = recordsPath(dataset);
    const bytes = await read(path);
    if (bytes === undefined) return { records: {}, bytes };
    const known = decoded.get(dataset);
    if (known?.bytes.equals(bytes)) return known;
    const records = unlessUnreadable(() => parseStored(path, recordsSchema, bytes));
    if (records !== undefined) remember(dataset, bytes, records);
    return { records: records ?? {}, bytes };
  };

  /** By their stored values: a session is asked for a record several times. */
  const checked = new WeakMap<object, CheckRecord>();
  const recordOf = (records: Records, dataset: string, check: string) => {
    const value = records[check];
    if (value === undefined) return undefined;
    const before = checked.get(value as object);
    if (before !== undefined) return before;
    return unlessUnreadable(() => {
      const record = checkStored(recordsPath(dataset), checkRecordSchema, upgradeRecord(value));
      if (isOf(record, dataset, check)) {
        checked.set(value as object, record);
        return record;
      }
      const of = `of ${record.dataset} ${record.check}`;
      throw new StoredDocumentError(recordsPath(dataset), `${check}: a record ${of}`);
    });
  };

  return {
    read: readRecords,
    remember,
    recordOf,
    fit(record) {
      const value = fitting(checkRecordSchema, record);
      checked.set(value, value);
      return value;
    },

    async *list() {
      let files = 0;
      for (const name of await names(RECORDS_FOLDER)) {
        const dataset = basename(name, '.json');
        if (dataset === name || !isDatasetId(dataset)) continue;
        // Files are read in this thread: let other work run, including Ctrl-C.
        if (++files % RECORDS_AT_ONCE === 0) await new Promise(setImmediate);
        const { records } = await readRecords(dataset);
        for (const check of Object.keys(records)) {
          const record = recordOf(records, dataset, check);
          if (record) yield record;
        }
      }
    },
  };
}

/** A file may have been copied to another name. */
const isOf = (record: CheckRecord, dataset: string, check: string) =>
  record.dataset === dataset && record.check === check;

/** Below the root. @throws RefusedPathError if it is no id */
export function recordsPath(dataset: string): string {
  if (!isDatasetId(dataset)) {
    throw new RefusedPathError(`no dataset id: ${JSON.stringify(dataset.slice(0, 80))}`);
  }
  return `${RECORDS_FOLDER}/${dataset}.json`;
}
