// The kinds of documents of the history.

import type * as z from 'zod';
import type { CompactSummary } from '../documents/compact.ts';
import { documentType } from '../documents/document-type.ts';
import { badgeSchema } from './badge.ts';
import {
  changesSchema,
  countsSchema,
  importedSchemaOf,
  indexSchema,
  noticesSchema,
  runHistorySchema,
  sentSchema,
  seriesSchema,
  syncSchema,
} from './documents.ts';
import {
  badgePath,
  changesPath,
  countsPath,
  IMPORTED_PATH,
  INDEX_PATH,
  NOTICES_PATH,
  SENT_PATH,
  SERIES_PATH,
  SYNC_PATH,
  stripsPath,
} from './paths.ts';
import { stripsSchema } from './strips-document.ts';
import { wrongSums } from './sums.ts';

const NO_SUM = 'with notChecked do not give the total';

/** Since when and what changed (docs/history.md). */
export const historyTypes = (compact: z.ZodType<CompactSummary>) => ({
  'history-index': documentType({
    path: INDEX_PATH,
    title: 'The runs, months and gaps of the history',
    schema: indexSchema,
  }),
  'history-run': documentType({
    path: 'history/runs/{year}/{time}.json',
    title: 'What one published run adds to the history',
    schema: runHistorySchema,
    stays: 'for-ever',
    agrees({ counts }, report) {
      for (const name of wrongSums(counts)) report(`counts.${name}`, NO_SUM);
    },
  }),
  'history-changes': documentType({
    path: changesPath('{month}'),
    title: 'The changes of a month, newest last',
    schema: changesSchema,
    stays: 'month',
  }),
  'history-counts': documentType({
    path: countsPath('{month}'),
    title: 'The numbers of each published run of a month, as columns',
    schema: countsSchema,
    stays: 'month',
    agrees({ time, columns }, report) {
      for (const [at, run] of time.entries()) {
        const counts = Object.entries(columns).map(([name, own]) => [name, own[at] ?? null]);
        const wrong = wrongSums(Object.fromEntries(counts));
        for (const name of wrong) report(`columns.${name}`, `of ${run} ${NO_SUM}`);
      }
      for (const [name, own] of Object.entries(columns)) {
        if (own.length !== time.length) report(`columns.${name}`, 'has not one value for each run');
      }
    },
  }),
  'history-notices': documentType({
    path: NOTICES_PATH,
    title: 'What was told of each fault, and what may be told next',
    schema: noticesSchema,
  }),
  'history-sync': documentType({
    path: SYNC_PATH,
    title: 'How long new snapshots take to arrive',
    schema: syncSchema,
  }),
  'history-series': documentType({
    path: SERIES_PATH,
    title: 'The series that a curve can be asked of',
    schema: seriesSchema,
  }),
  'history-sent': documentType({
    path: SENT_PATH,
    title: 'Which messages were sent',
    schema: sentSchema,
  }),
  'history-imported': documentType({
    path: IMPORTED_PATH,
    title: 'How an imported history ends',
    schema: importedSchemaOf(compact),
    stays: 'for-ever',
  }),
  history: documentType({
    path: stripsPath('{id}'),
    title: 'How long each verdict of a dataset lasted',
    schema: stripsSchema,
  }),
  badge: documentType({
    path: badgePath('{id}', 'json'),
    title: 'A badge for shields.io',
    schema: badgeSchema,
    isForeign: true,
  }),
});
