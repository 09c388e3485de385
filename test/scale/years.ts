// A large archive after ten years of daily runs: what each run found, and what the last one finds.

import { openneuro } from '../../archives/openneuro/index.ts';
import { catalogueOf } from '../../core/documents/catalogue.ts';
import { readCompact } from '../../core/documents/compact-read.ts';
import { compactSummary } from '../../core/documents/compact-write.ts';
import type { CheckRecord } from '../../core/documents/records.ts';
import type { CheckRow, Row } from '../../core/documents/rows.ts';
import { SCHEMA_VERSION } from '../../core/documents/vocabulary.ts';
import { countsOf } from '../../core/history/counts.ts';
import { type PublishedSummary, stateWriter, verdictsOf } from '../../core/history/diff.ts';
import type { RunHistory } from '../../core/history/documents.ts';
import type { Event } from '../../core/history/events.ts';
import { formOfBadges } from '../../core/history/write-badges.ts';
import { makeRow } from '../../core/monitor/make-row.ts';
import { summaryOfParts } from '../../core/monitor/published-summary.ts';
import { idsOf, LATEST, recordsOf } from './archive.ts';

/** Runs before the last one. */
export const RUNS = 3650;
const DAY = 86_400_000;
export const END = Date.UTC(2036, 7, 20, 6);
export const instant = (run: number) => new Date(END - (RUNS - run) * DAY).toISOString();

/** Of 1,000 datasets in a day, as measured: docs/history.md. */
const RATES = { verdicts: 1.3 / 2, versions: 1.0 };

export const catalogue = catalogueOf(openneuro);

export interface Years {
  readonly ids: readonly string[];
  /** Datasets with an event in a run. */
  changedIn(run: number): ReadonlySet<string>;
  /** What a run before the last one added, from the first one, 1. */
  runFile(run: number): RunHistory;
  rowOf(id: string, at: string): Row;
  /** The summary before the last run. */
  published(): PublishedSummary;
  /** The rows of the last run, of which some differ from the ones before. */
  nextRows(): Row[];
}

export function yearsOf(datasets: number): Years {
  const ids = idsOf(datasets);
  const rowOf = (id: string, at: string): Row => {
    const records = recordsOf(id, at) as unknown as readonly CheckRecord[];
    const since = instant(1000);
    const byCheck = Object.fromEntries(
      records.map((record) => [record.check, { ...record, since }]),
    );
    const latestDate = new Date(END - 2000 * DAY).toISOString();
    return makeRow(catalogue, id, { latest: LATEST, name: null, latestDate }, byCheck);
  };
  /** Different ones each day. */
  const some = (run: number, kind: number, rate: number) =>
    Array.from(
      { length: Math.ceil((datasets * rate) / 1000) },
      (_, n) => ids[(run * 7919 + kind * 104_729 + n * 611_953) % datasets] as string,
    );
  const turned = (run: number) => some(run, 1, RATES.verdicts);
  const renewed = (run: number, rate = RATES.versions) => some(run, 2, rate);
  const numbers = countsOf(
    catalogue,
    ids.map((id) => rowOf(id, instant(1))),
    [],
  );

  function eventsOf(run: number): Event[] {
    const created = new Date(Date.parse(instant(run)) - DAY / 2).toISOString();
    // What is found on one day is mended on the next.
    const bad = run % 2 === 0;
    const verdict = (id: string, check: string, good: string, worse: string): Event => ({
      ...{ kind: 'verdict', id, check },
      ...(bad ? { from: good, to: worse } : { from: worse, to: good }),
    });
    return [
      ...turned(bad ? run : run - 1).flatMap((id) => [
        verdict(id, 'overall', 'ok', 'error'),
        verdict(id, 's3Version', 'ok', 'error:blocked'),
      ]),
      ...renewed(run).map(
        (id): Event => ({
          ...{ kind: 'versions', id, from: { latest: `1.0.${run}` } },
          to: { latest: `1.0.${run + 1}`, date: created },
        }),
      ),
      ...renewed(run, RATES.versions * 0.9).flatMap((id) =>
        ['mirror', 'export', 'files'].map(
          (place): Event => ({
            ...{ kind: 'arrived', id, place, version: `1.0.${run + 1}`, created },
          }),
        ),
      ),
    ];
  }

  return {
    ids,
    rowOf,
    changedIn: (run) => new Set([...turned(run), ...renewed(run)]),
    runFile(run) {
      const states = stateWriter();
      if (run === 1) for (const id of ids) states.add(id, verdictsOf(rowOf(id, instant(1))));
      return {
        schemaVersion: SCHEMA_VERSION,
        ...{ run: instant(run), number: run, until: instant(run), rulesVersion: openneuro.rules },
        events: run === 1 ? [] : eventsOf(run),
        states: states.written(),
        counts: numbers,
        ...(run === 1 && { badges: formOfBadges(catalogue) }),
      };
    },
    published() {
      const at = instant(RUNS - 1);
      const rows = ids.map((id) => rowOf(id, at));
      const summary = { lastUpdated: at, run: at, publication: RUNS - 1, datasets: rows };
      const parts = [...compactSummary(catalogue, summary).values()].map((part) =>
        readCompact(openneuro, JSON.parse(JSON.stringify(part))),
      );
      return summaryOfParts(parts as [(typeof parts)[number]]);
    },
    nextRows() {
      const blocked = new Set(turned(RUNS));
      const newer = new Set(renewed(RUNS));
      return ids.map((id) => {
        const row = rowOf(id, instant(RUNS));
        const { s3Version } = row.checks as Record<string, CheckRow>;
        if (blocked.has(id)) {
          const own = {
            ...s3Version,
            status: 'error',
            subtype: 'blocked',
            findings: ['blocked'],
            version: null,
          } as CheckRow;
          return { ...row, status: 'error', checks: { ...row.checks, s3Version: own } };
        }
        return newer.has(id)
          ? { ...row, version: '9.9.9', versionDate: new Date(END - DAY).toISOString() }
          : row;
      });
    },
  };
}
