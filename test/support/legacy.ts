// Rows in the layout of all-datasets.json, which many tests use for what they expect: the core's
// generic rows, converted from and to that layout.

import { CATALOGUE } from '../../archives/openneuro/catalogue.ts';
import { CHECK_LIST } from '../../archives/openneuro/checks/index.ts';
import type { Summary, SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import { rowOfSummary, summaryRow } from '../../archives/openneuro/legacy/summary-view.ts';
import * as compact from '../../core/documents/compact.ts';
import * as compactRead from '../../core/documents/compact-read.ts';
import * as compactWrite from '../../core/documents/compact-write.ts';
import type { Attempt } from '../../core/documents/documents.ts';
import * as plain from '../../core/documents/plain-page.ts';
import type { Row, Rows } from '../../core/documents/rows.ts';
import * as hold from '../../core/monitor/hold.ts';
import type { Records } from '../../core/monitor/last-records.ts';
import * as made from '../../core/monitor/make-row.ts';

export const asView = (row: Row): SummaryRow => summaryRow(row, CHECK_LIST);
export const asRow = (view: SummaryRow): Row => rowOfSummary(view, CHECK_LIST);
export const asSummary = (rows: Rows): Summary => ({
  ...rows,
  datasets: rows.datasets.map(asView),
});
/** In canonical form: an unusual form of a value is normalized. */
export const usual = (view: SummaryRow): SummaryRow => asView(asRow(view));
export const asRows = <T extends { readonly datasets: readonly SummaryRow[] }>(summary: T) => ({
  ...summary,
  datasets: summary.datasets.map(asRow),
});

export const summarizeDataset = (id: string, entry: made.EntryFacts, records: Records) =>
  asView(made.makeRow(CATALOGUE, id, entry, records));
export const withKeptEntry = (row: SummaryRow, attempt: Attempt | undefined) =>
  asView(made.withKeptEntry(CATALOGUE, asRow(row), attempt));

export const compactSummary = (summary: Summary, shardRows?: number) =>
  compactWrite.compactSummary(CATALOGUE, asRows(summary), shardRows);
export const namesOf = (summary: Summary) => compactWrite.namesOf(asRows(summary));
export const compactSummarySchema = compact.compactSchemaOf(CATALOGUE);
export function readCompact(document: unknown) {
  const part = compactRead.readCompact(CATALOGUE, document);
  return { ...part, row: (place: number) => asView(part.row(place)) };
}

export const plainPage = ({
  summary,
  ...rest
}: Omit<plain.PlainPageInput, 'summary' | 'catalogue'> & { readonly summary: Summary }) =>
  plain.plainPage({ ...rest, catalogue: CATALOGUE, summary: asRows(summary) });

interface HeldInput {
  readonly previous: readonly SummaryRow[] | null;
  readonly next: readonly SummaryRow[];
}
/** These need only some of a row's fields. */
const NOTHING = { lastChecked: null, issueSubtypes: null, unverified: null, findings: [] };
const heldRow = (row: SummaryRow) => asRow({ ...NOTHING, ...row });
const held = ({ previous, next }: HeldInput) => ({
  previous: previous?.map(heldRow) ?? null,
  next: next.map(heldRow),
});
export const holdReasons = (input: HeldInput) => hold.holdReasons(held(input));
export const countOtherRules = (input: HeldInput) => hold.countOtherRules(held(input));
