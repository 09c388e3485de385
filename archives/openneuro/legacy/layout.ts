// Rows of the summary in the layout of the system this one succeeds, read and written.

import type { SummaryLayout } from '../../../core/documents/rows.ts';
import { CHECK_LIST } from '../checks/index.ts';
import { type SummaryRow, summaryRowSchema, summarySchema } from './summary.ts';
import { rowOfSummary, summaryRow } from './summary-view.ts';

/** all-datasets.json keeps the layout that its readers know. */
export const LEGACY_LAYOUT: SummaryLayout = {
  schema: summarySchema,
  rowSchema: summaryRowSchema,
  write: (row) => summaryRow(row, CHECK_LIST),
  read: (row) => rowOfSummary(row as SummaryRow, CHECK_LIST),
};
