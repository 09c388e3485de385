// The points of a series, from the files of months or from a dataset's strips.

import type * as z from 'zod';
import { archivesSchema } from '../documents/documents.ts';
import { ARCHIVES_PATH } from '../documents/paths.ts';
import { isDatasetId } from '../ids.ts';
import type { Point, Range, Steps } from './bins.ts';
import { countsSchema, indexSchema, seriesSchema } from './documents.ts';
import { countsPath, INDEX_PATH, SERIES_PATH, stripsPath } from './paths.ts';
import { parseSeries, type SeriesName } from './series.ts';
import { monthAt, monthPoints, stripPoints, within } from './series-points.ts';
import { stripsSchema } from './strips-document.ts';

/** A parsed document below the root of all results; undefined if there is none. */
export type ReadDocument = (path: string) => Promise<unknown>;

/** All at once may be more than fits in memory: of hourly runs a month has 350 KB. */
const MONTHS_AT_ONCE = 12;

/** A series that there is. */
export interface Series {
  read(range: Range): Promise<Steps>;
}

/**
 * @param read each document once, also for several series
 * @throws ZodError if a document is damaged
 */
export async function findSeries(read: ReadDocument, name: string): Promise<Series | null> {
  const parsed = parseSeries(name);
  if (parsed === null) return null;
  const archives = await take(read, ARCHIVES_PATH, archivesSchema);
  const folder = archives?.archives.find(({ id }) => id === parsed.archive)?.folder;
  if (folder === undefined) return null;
  const below: ReadDocument = (path) => read(`${folder}${path}`);
  return parsed.of === 'archive' ? ofArchive(below, name, parsed) : ofDataset(below, parsed);
}

async function take<T>(
  read: ReadDocument,
  path: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const document = await read(path);
  return document === undefined ? undefined : schema.parse(document);
}

async function ofArchive(
  read: ReadDocument,
  name: string,
  { column }: SeriesName & { readonly of: 'archive' },
): Promise<Series | null> {
  const catalogue = await take(read, SERIES_PATH, seriesSchema);
  const known = catalogue?.series.find((one) => one.name === name);
  if (known === undefined) return null;
  const readMonth = async (month: string): Promise<Point[]> => {
    const counts = await take(read, countsPath(month), countsSchema);
    return counts ? monthPoints(counts, column, known.from) : [];
  };
  return {
    async read({ begin, end }) {
      const months = (await take(read, INDEX_PATH, indexSchema))?.months ?? [];
      const isIn = (month: string) => month >= monthAt(begin) && month <= monthAt(end);
      const wanted = months.filter(isIn);
      let points: Point[] = [];
      for (let place = 0; place < wanted.length; place += MONTHS_AT_ONCE) {
        const some = wanted.slice(place, place + MONTHS_AT_ONCE);
        points.push(...(await Promise.all(some.map(readMonth))).flat());
      }
      // A clock that was ahead can have put a run before an earlier one.
      points.sort((a, b) => a.at - b.at);
      // The value at the beginning is that of the run before it, which may be months ago.
      for (const month of months.toReversed().filter((one) => one < monthAt(begin))) {
        if (points[0] !== undefined && points[0].at < begin) break;
        points = [...(await readMonth(month)), ...points];
      }
      return within(points, { begin, end });
    },
  };
}

async function ofDataset(
  read: ReadDocument,
  { id, check }: SeriesName & { readonly of: 'dataset' },
): Promise<Series | null> {
  const strips = isDatasetId(id) ? await take(read, stripsPath(id), stripsSchema) : undefined;
  if (strips === undefined || !Object.hasOwn(strips.strips, check)) return null;
  return { read: async (range) => within(stripPoints(strips, check), range) };
}
