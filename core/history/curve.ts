// `GET /api/history/curve`: series over time, raw or in bins (docs/history.md, "Curves"). The
// parameters, their order and the answer's shape are those of an older system's `/channels/curve`.

import { hash } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../http/clock.ts';
import {
  type Bin,
  binned,
  intervals,
  type Point,
  type Range,
  type Steps,
  valuesOf,
} from './bins.ts';
import { CURVE_PARAMETERS, type CurveParameter } from './curve-parameters.ts';
import { findSeries, type ReadDocument } from './read-series.ts';

export interface CurvePort {
  readonly read: ReadDocument;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** @default LONGEST_MS */
  readonly longestMs?: number;
}

export interface CurveAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; empty with status 304. */
  readonly body: string;
}

const MOST_SERIES = 8;
const MOST_BINS = 2000;
const MOST_POINTS = 20_000;
const LONGEST_MS = 10_000;
const RFC_3339 = z.iso.datetime({ offset: true });
/** What a Date can be. */
const MOST_MS = 8.64e15;

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/**
 * @param ifNoneMatch the request's `If-None-Match`
 * @throws what the port throws, and ZodError if a document is damaged
 */
export async function answerCurve(
  query: URLSearchParams,
  { read, clock, longestMs = LONGEST_MS }: CurvePort,
  ifNoneMatch: string | undefined = undefined,
): Promise<CurveAnswer> {
  const late = Promise.withResolvers<never>();
  const timer = clock.after(longestMs, () =>
    late.reject(new Refusal(504, `Took more than ${longestMs / 1000} s; ask for less`)),
  );
  try {
    return await Promise.race([
      late.promise,
      answer(query, onceEach(read), Math.floor(clock.now()), ifNoneMatch),
    ]);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const headers = { ...JSON_TYPE, 'cache-control': 'no-store' };
    return { status: error.status, headers, body: JSON.stringify({ detail: error.message }) };
  } finally {
    timer.cancel();
  }
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

async function answer(
  query: URLSearchParams,
  read: ReadDocument,
  now: number,
  ifNoneMatch: string | undefined,
): Promise<CurveAnswer> {
  const found = await seriesIn(query, read);
  const asked = readRequest(query, now);
  const steps = await Promise.all(
    found.map(async ([name, series]) => [name, await series.read(asked)] as const),
  );
  const curves = steps.map(([name, one]) => curveOf(name, one, asked));
  const raw = curves.reduce((sum, { rawPoints }) => sum + rawPoints, 0);
  if (raw > MOST_POINTS) throw new Refusal(413, `Too many points: ${raw}; ask for bins`);
  const body = JSON.stringify({ curve: Object.assign({}, ...curves.map(({ curve }) => curve)) });
  const newest = Math.max(0, ...steps.map(([, { points }]) => points.at(-1)?.at ?? 0));
  const etag = `"${newest}-${hash('sha256', body).slice(0, 16)}"`;
  const headers = { ...JSON_TYPE, 'cache-control': 'public, max-age=60', etag };
  const isKnown = ifNoneMatch?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
  return isKnown ? { status: 304, headers, body: '' } : { status: 200, headers, body };
}

/** Which there are is asked before the times are looked at. */
async function seriesIn(query: URLSearchParams, read: ReadDocument) {
  const text = given(query, 'series');
  if (text === null || text === '') {
    throw new Refusal(422, 'series is required; history/series.json names them');
  }
  const names = [...new Set(text.split(','))];
  if (names.length > MOST_SERIES) throw new Refusal(422, `Ask for ${MOST_SERIES} series at most`);
  return Promise.all(
    names.map(async (name) => {
      const series = await findSeries(read, name);
      if (series === null) throw new Refusal(404, 'Series not found');
      return [name, series] as const;
    }),
  );
}

interface Request extends Range {
  /** 0: every point. */
  readonly bins: number;
  readonly rawIfFewer: boolean;
  readonly withoutEmpty: boolean;
}

function readRequest(query: URLSearchParams, now: number): Request {
  const begin = timeIn(query, 'begin');
  const end = timeIn(query, 'end');
  const bins = binsIn(query);
  const rawIfFewer = isOn(query, 'useEventsIfBinCountTooLarge');
  const withoutEmpty = isOn(query, 'removeEmptyBins');
  if (begin === 0 || end === 0) {
    throw new Refusal(400, 'begin or end is invalid, must be valid unix time (milliseconds)');
  }
  if (begin > end) {
    throw new Refusal(400, 'begin is bigger than end, must be smaller or equal');
  }
  return { begin, end: Math.min(end, now), bins, rawIfFewer, withoutEmpty };
}

const given = (query: URLSearchParams, name: CurveParameter): string | null => {
  const used = [name, ...CURVE_PARAMETERS[name]].find((one) => query.has(one));
  return used === undefined ? null : query.get(used);
};

function timeIn(query: URLSearchParams, name: 'begin' | 'end'): number {
  const text = given(query, name) ?? '';
  const isInstant = RFC_3339.safeParse(text).success;
  const time = isInstant ? Date.parse(text) : /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Math.abs(time) <= MOST_MS) return time;
  throw new Refusal(
    422,
    `${name} is required, in milliseconds since 1970 or as 2026-08-08T06:00:00Z`,
  );
}

function binsIn(query: URLSearchParams): number {
  const text = given(query, 'bins') ?? '0';
  const bins = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (bins <= MOST_BINS) return bins;
  throw new Refusal(422, `bins must be a whole number from 0 to ${MOST_BINS}`);
}

function isOn(query: URLSearchParams, name: CurveParameter): boolean {
  const text = given(query, name)?.toLowerCase() ?? 'false';
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new Refusal(422, `${name} must be true or false`);
}

/** One series of the answer: `S`, `S_meta` and, in bins, `S_min` and `S_max`. */
function curveOf(name: string, steps: Steps, asked: Request) {
  const points = valuesOf(steps.points);
  if (points.length === 0) return { rawPoints: 0, curve: { [name]: {} } };
  const isRaw = asked.bins === 0 || (asked.rawIfFewer && points.length < asked.bins);
  const bins = isRaw ? points.map(binOfPoint) : binned(steps, asked, asked.bins);
  const shown = asked.withoutEmpty ? bins.filter(({ count }) => count > 0) : bins;
  const full = shown.filter(({ count }) => count > 0);
  const by = (of: readonly Bin[], value: (bin: Bin) => unknown) =>
    Object.fromEntries(of.map((bin) => [String(bin.at), value(bin)]));
  const { average, deviation } = intervals(points);
  return {
    rawPoints: isRaw ? points.length : 0,
    curve: {
      [name]: by(shown, ({ value }) => value),
      ...(!isRaw && {
        [`${name}_min`]: by(full, ({ min }) => min),
        [`${name}_max`]: by(full, ({ max }) => max),
      }),
      [`${name}_meta`]: {
        raw: isRaw,
        waveform: false,
        interval_avg: average,
        interval_stddev: deviation,
        pointMeta: by(shown, ({ count, says }) => ({
          count,
          ...(says !== undefined && { desc: says }),
        })),
      },
    },
  };
}

const binOfPoint = ({ at, value, says }: Point): Bin => ({
  ...{ at, value, min: value, max: value, count: 1 },
  ...(says !== undefined && { says }),
});

/** Several series are often in the same documents. */
function onceEach(read: ReadDocument): ReadDocument {
  const known = new Map<string, Promise<unknown>>();
  return (path) => {
    const before = known.get(path) ?? read(path);
    known.set(path, before);
    return before;
  };
}
