// One run over the sample archive: the command line, the page, the plain page and the documents
// give the same number of datasets for every status and every issue.

import { beforeAll, describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../archives/openneuro/catalogue.ts';
import type { Github, S3Diff, S3Version } from '../../archives/openneuro/documents.ts';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import {
  type Check,
  NOT_COMPARED_REASONS,
  OPTIONAL_CHECKS,
} from '../../archives/openneuro/vocabulary.ts';
import { gatherFacts, outcomeText } from '../../bin/cli/outcome.ts';
import { readCompact } from '../../core/documents/compact-read.ts';
import { countIssues, countStatuses } from '../../core/documents/counts.ts';
import { PLAIN_PATH, SUMMARY_PATH } from '../../core/documents/paths.ts';
import { STATUSES } from '../../core/documents/vocabulary.ts';
import { STATUS_WORDS } from '../../core/documents/words.ts';
import { noTraffic } from '../../core/traffic.ts';
import {
  countChoices,
  countStatuses as countStatusesOfPage,
  indexParts,
} from '../../frontend/main/index-of-rows.ts';
import { WHOLE_VIEW } from '../../frontend/main/view.ts';
import { checkPath } from '../support/documents.ts';
import { asRows } from '../support/legacy.ts';
import { type MemoryStore, memoryStore } from '../support/memory-store.ts';
import { runSample } from '../support/sample-run.ts';
import { checkOf, ISSUE_WORDS, ISSUES, type Issue, subtypeOf } from '../support/words.ts';

let store: MemoryStore;
let text: string;
let facts: ReturnType<typeof gatherFacts>;
let summary: Summary;

beforeAll(async () => {
  store = memoryStore();
  const server = await startSampleArchive({ archive: generateArchive({ datasets: 80 }) });
  try {
    const result = await runSample(server, { store, day: 0 });
    const { runStart } = (await store.readLastRun()) ?? { runStart: '' };
    const run = { runStart, out: 'data', durationSeconds: 1, traffic: noTraffic(), dryRun: null };
    facts = gatherFacts(CATALOGUE, result, run);
    text = outcomeText(facts, process.stdout);
  } finally {
    await server.close();
  }
  summary = store.document<Summary>(SUMMARY_PATH);
}, 120_000);

/** By issue; issues without a dataset are left out. */
function inOrder(counts: (issue: Issue, place: number) => number): [Issue, number][] {
  return ISSUES.map((issue, place): [Issue, number] => [issue, counts(issue, place)]).filter(
    ([, count]) => count > 0,
  );
}

function onThePage() {
  const index = indexParts([readCompact(CATALOGUE, store.document('summary.json'))]);
  const { issues } = countChoices(index, index.ids, WHOLE_VIEW);
  return {
    statuses: countStatusesOfPage(index),
    issues: inOrder((_, place) => issues[place] as number),
  };
}

interface Judged {
  readonly subtype: string | null;
  readonly findings: readonly string[];
  readonly pending?: object | null;
}

/** The contents of one dataset's documents, read without any of our own functions. */
function issuesInDocuments(id: string): Set<string> {
  const read = <T>(check: Check) => store.document<T | null>(checkPath(check, id));
  const github = read<Github>('github');
  const version = read<S3Version>('s3Version');
  const diff = read<S3Diff>('s3Files');
  const found = new Set<string>();
  // A waiting dataset does not count (just published).
  const counting = github?.pending ? [] : (github?.findings ?? []);
  for (const { subtype } of counting) found.add(`github:${subtype}`);
  if (version?.subtype) found.add(`s3Version:${version.subtype}`);
  if (diff?.exportMissing) found.add('s3Files:export-missing');
  else if (diff) {
    if (diff.added.length > 0) found.add('s3Files:files-missing');
    if (diff.removed.length > 0) found.add('s3Files:files-orphaned');
  }
  for (const check of OPTIONAL_CHECKS) {
    const document = read<Judged>(check);
    const subtypes = document?.pending ? [document.subtype] : (document?.findings ?? []);
    for (const subtype of subtypes) if (subtype !== null) found.add(`${check}:${subtype}`);
  }
  return found;
}

describe('a run over the sample archive counts', () => {
  test('datasets by status alike on the command line and both pages', () => {
    const counts = STATUSES.map((status) => countStatuses(summary.datasets)[status]);
    expect(STATUSES.map((status) => facts.statuses?.[status])).toEqual(counts);
    expect(onThePage().statuses).toEqual(counts);
    const plain = store.pages.get(PLAIN_PATH) ?? '';
    STATUSES.forEach((status, place) => {
      expect(plain).toContain(`<dt>${STATUS_WORDS[status]}</dt><dd>${counts[place]}</dd>`);
      expect(text).toMatch(new RegExp(`^${status} +${counts[place]}$`, 'm'));
    });
  });

  test('datasets by issue alike on the command line and the page', () => {
    const counted = countIssues(CATALOGUE, asRows(summary).datasets);
    const page = onThePage().issues;
    expect(page.length).toBeGreaterThan(20);
    expect(inOrder((issue) => counted.get(issue) ?? 0)).toEqual(page);
    const told = new Map<string, number>(
      facts.subtypes.map(({ check, subtype, datasets }) => [`${check}:${subtype}`, datasets]),
    );
    expect(inOrder((issue) => told.get(issue) ?? 0)).toEqual(page);
    expect(facts.subtypes.length).toBe(page.length);
  });

  test('the command line prints the label of the page beside the word', () => {
    for (const [issue, count] of onThePage().issues) {
      const { label } = ISSUE_WORDS[issue];
      const line = `${checkOf(issue)} +${label} \\(${subtypeOf(issue)}\\) +${count}`;
      expect(text).toMatch(new RegExp(`^${line}$`, 'm'));
    }
    expect(text).toContain('Latest tag missing (tag-missing)');
  });

  test('what the documents say, also where a check found more than one thing', () => {
    const counts = new Map<string, number>();
    const several = new Set<string>();
    for (const { id } of summary.datasets) {
      const found = issuesInDocuments(id);
      for (const issue of found) {
        counts.set(issue, (counts.get(issue) ?? 0) + 1);
        const check = checkOf(issue as Issue);
        const own = [...found].filter((other) => checkOf(other as Issue) === check);
        if (own.length > 1) several.add(check);
      }
    }
    const compared = onThePage().issues.filter(
      // Nothing was compared, so no document can say so.
      ([issue]) => !NOT_COMPARED_REASONS.some((reason) => issue === `s3Files:${reason}`),
    );
    expect(inOrder((issue) => counts.get(issue) ?? 0)).toEqual(compared);
    expect([...several]).toEqual(expect.arrayContaining(['github', 's3Files', 's3Content']));
  });
});
