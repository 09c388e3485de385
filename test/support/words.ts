// OpenNeuro's words by name, as tests ask for them.

import { CATALOGUE } from '../../archives/openneuro/catalogue.ts';
import type { CHECK_LIST } from '../../archives/openneuro/checks/index.ts';
import type { SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import type { Cause, Check } from '../../archives/openneuro/vocabulary.ts';
import * as catalogue from '../../core/documents/catalogue.ts';
import type { CheckDefinition, FindingWords } from '../../core/monitor/check.ts';
import { asRow } from './legacy.ts';

type IssuesOf<D> = D extends { id: infer C extends string; findings: infer F }
  ? `${C}:${keyof (D extends { waits: infer W } ? F & W : F) & string}`
  : never;
export type Issue = IssuesOf<(typeof CHECK_LIST)[number]>;

export const ISSUES = [...CATALOGUE.issues.keys()] as readonly Issue[];
export const ISSUE_WORDS = Object.fromEntries(CATALOGUE.issues) as Readonly<
  Record<Issue, FindingWords>
>;
export const CAUSE_WORDS = Object.fromEntries(CATALOGUE.causeById) as Readonly<
  Record<Cause, catalogue.Cause>
>;
export const CHECK_WORDS = Object.fromEntries(
  CATALOGUE.checks.map(({ id, words }) => [id, words]),
) as Readonly<Record<Check, CheckDefinition['words']>>;

export const checkOf = (issue: Issue) => catalogue.checkOf(issue) as Check;
export const { subtypeOf } = catalogue;
export const issuesOf = (row: SummaryRow) => catalogue.issuesOf(CATALOGUE, asRow(row)) as Issue[];
