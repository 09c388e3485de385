// Whether the documents of the history are there and agree with what is published. All of them but
// the files of the runs can be made again.

import type { HistoryIndex } from '../history/documents.ts';
import { changesPath, countsPath, INDEX_PATH, stripsPath } from '../history/paths.ts';
import type { Strips } from '../history/strips-document.ts';
import { OVERALL } from '../history/verdict-text.ts';
import { type CompactSummary, compactFileName } from './compact.ts';
import type { Place } from './document-type.ts';
import type { Row } from './rows.ts';
import type { TreeFinding } from './tree.ts';

/** Is given every document of a tree, and then finds what is wrong. */
export function historyCheck() {
  let index: HistoryIndex | undefined;
  let publication: number | undefined;
  /** The last overall verdict of each dataset's strips. */
  const ends = new Map<string, string | null | undefined>();
  return {
    take({ kind, dataset }: Place, path: string, document: unknown): void {
      if (kind === 'history-index') index = document as HistoryIndex;
      if (path === compactFileName(0)) ({ publication } = document as CompactSummary);
      if (kind === 'history' && dataset !== null) {
        ends.set(dataset, (document as Strips).strips[OVERALL]?.at(-1)?.[1]);
      }
    },
    /** @param rows those published */
    *findings(
      present: ReadonlySet<string>,
      rows: readonly Pick<Row, 'id' | 'status'>[],
    ): Iterable<TreeFinding> {
      // Of a tree without publications here, or after a run that was cut off, nothing is certain.
      if (publication === undefined || (index && index.runs !== publication)) return;
      const { months = [] } = index ?? {};
      const paths = [
        INDEX_PATH,
        ...months.flatMap((month) => [changesPath(month), countsPath(month)]),
      ];
      for (const path of [...paths, ...rows.map(({ id }) => stripsPath(id))]) {
        if (!present.has(path)) yield { path, field: '', message: 'is missing' };
      }
      for (const { id, status } of rows) {
        const end = ends.get(id);
        if (end === undefined || end === status) continue;
        const message = `ends with ${end}, and the summary says ${status}`;
        yield { path: stripsPath(id), field: `strips.${OVERALL}`, message };
      }
    },
  };
}
