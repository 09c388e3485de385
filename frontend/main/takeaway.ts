// The list as a file or in the clipboard; loaded when a person asks for it.

import '../shared/common.ts';
import { counted } from '../../core/documents/format.ts';
import type { Row } from '../../core/documents/rows.ts';
import { archive } from '../shared/archive.tsx';
import { ENTRY } from '../shared/catalogue.ts';
import { copy, download } from '../shared/clipboard.ts';
import { toChecklist, toCsv, toJson } from './export.ts';

/** The rows of the list in its order, and when they were published. */
export interface Taken {
  readonly rows: readonly Row[];
  readonly lastUpdated: string;
}

/** The file name also says if the data is not real. */
function fileName(lastUpdated: string, ending: string): string {
  const origin = archive.value?.origin ?? 'live';
  const whose = origin === 'live' ? '' : `-${origin}`;
  return `mirrorwatch${whose}-${lastUpdated.slice(0, 10)}.${ending}`;
}

export function saveCsv({ rows, lastUpdated }: Taken): void {
  download(fileName(lastUpdated, 'csv'), 'text/csv;charset=utf-8', toCsv(rows));
}

export async function saveJson({ rows, lastUpdated }: Taken): Promise<void> {
  download(fileName(lastUpdated, 'json'), 'application/json', await toJson(lastUpdated, rows));
}

export async function copyChecklist({ rows }: Taken): Promise<void> {
  const many = counted(rows.length, ENTRY);
  await copy(toChecklist(archive.value, rows), `Checklist of ${many} copied.`);
}
