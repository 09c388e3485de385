import { describe, expect, test } from 'vitest';
import type { Summary, SummaryRow } from '../../../archives/openneuro/legacy/summary.ts';
import type { RunStatus } from '../../../core/documents/documents.ts';
import { REPLAYED_ARCHIVE, SAMPLE_ARCHIVE } from '../../../core/documents/provenance.ts';
import { runMessage, sentence } from '../../../core/documents/sentences.ts';
import { plainPage } from '../../support/legacy.ts';

const row = (id: string, status: SummaryRow['status'], name: string | null = null): SummaryRow => ({
  id,
  status,
  checks: { github: 'ok', s3Version: 'ok', s3Files: status === 'error' ? 'error' : 'ok' },
  s3Blocked: null,
  lastChecked: null,
  s3FilesAdded: status === 'error' ? 1234 : null,
  s3FilesRemoved: null,
  issueSubtypes:
    status === 'error' ? { github: null, s3Version: null, s3Files: 'files-missing' } : null,
  githubVersion: '1.0.0',
  s3Version: '1.0.0',
  latestSnapshotDate: null,
  name,
  latestSnapshot: '1.0.0',
  checkedAt: '2026-07-28T00:00:00.000Z',
  unverified: null,
  findings: [],
  notCompared: null,
});
const status = (outcome: RunStatus['lastRun']['outcome'], why: string[] = []): RunStatus => ({
  schemaVersion: '3.0.0',
  lastRun: {
    id: 'run',
    startedAt: '2026-08-02T08:00:00.000Z',
    finishedAt: '2026-08-02T08:31:00.000Z',
    outcome,
    why,
    durationSeconds: 1,
  },
  publishedAt: null,
  datasets: 0,
  covered: 0,
  unverified: 0,
});
const summary = (...datasets: SummaryRow[]): Summary => ({
  schemaVersion: '3.0.0',
  lastUpdated: '2026-08-01T08:31:00.000Z',
  datasets,
});

describe('the plain summary', () => {
  test('lists the datasets in error, and only those', () => {
    const html = plainPage({
      summary: summary(
        row('ds000001', 'error'),
        row('ds000002', 'ok'),
        row('ds000003', 'warning'),
        { ...row('ds000004', 'error'), since: '2026-03-12T06:00:00.000Z' },
      ),
      status: status('published'),
      link: (id) => `https://archive.example/${id}`,
    });
    expect(html).toContain('1 of 4 datasets agree everywhere; 2 need work and 1 has a warning.');
    expect(html).toContain('<a href="https://archive.example/ds000001">ds000001</a>');
    expect(html).toContain(
      '<td data-label="What is wrong">Files missing</td><td data-label="Missing">1,234</td>',
    );
    expect(html).toContain('<td data-label="Since">2026-03-12</td>');
    expect(html).toContain('<td data-label="Since">before the first run</td>');
    expect(html).not.toContain('ds000002');
    expect(html).not.toContain('class="banner"');
  });

  test('a title is one bounded line without invisible characters', () => {
    const name = `a\nb\u001b[31m\u202e<b>${'x'.repeat(100_000)}`;
    const html = plainPage({
      summary: summary(row('ds000001', 'error', name)),
      status: status('published'),
      link: () => null,
    });
    expect(html).toContain('<bdi>a b [31m\u27e8U+202E\u27e9&lt;b&gt;xxx');
    expect(html.length).toBeLessThan(5000);
    expect(html.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  test.each([
    [SAMPLE_ARCHIVE, 'Sample archive: invented data'],
    [REPLAYED_ARCHIVE, 'Replay of recorded data'],
  ])('says above all else that its data is not real: $name', (archive, title) => {
    const html = plainPage({
      summary: summary(row('ds900001', 'error')),
      status: { ...status('held', ['Too much changed.']), archive },
      link: () => null,
    });
    expect(html.indexOf(title)).toBeGreaterThan(0);
    expect(html.indexOf(title)).toBeLessThan(html.indexOf('Publishing was held'));
    expect(html).toContain('<th scope="row">ds900001</th>');
  });

  test('escapes every text that others chose', () => {
    const html = plainPage({
      summary: summary(row('ds000001', 'error', `"><script>alert('1')</script>&`)),
      status: status('held', ['<b>too much</b>']),
      link: () => 'https://archive.example/?a="&b',
    });
    expect(html).toContain('&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;');
    expect(html).toContain('<p>&lt;b&gt;too much&lt;/b&gt;</p>');
    expect(html).toContain('href="https://archive.example/?a=&quot;&amp;b"');
    expect(html).not.toContain('<script');
  });
});

describe('the sentence', () => {
  test.each([
    [[0, 0, 0, 0, 0], 'No dataset has been checked yet.'],
    [[0, 0, 0, 0, 3], 'All 3 datasets agree everywhere.'],
    [[1, 0, 0, 0, 0], '0 of 1 datasets agree everywhere; 1 needs work.'],
    [
      [140, 57, 25, 0, 1612],
      '1,612 of 1,834 datasets agree everywhere; 197 need work and 25 have a warning.',
    ],
    [
      [1, 1, 1, 1, 1],
      '1 of 5 datasets agree everywhere; 2 need work, 1 has a warning and 1 is pending.',
    ],
  ])('%j: %s', (counts, said) => {
    expect(sentence(counts)).toBe(said);
  });
});

describe('what is said before the numbers', () => {
  const published = '2026-08-01T08:31:00.000Z';
  const hours = (count: number) => Date.parse(published) + count * 3_600_000;

  const weekly = { ...status('published'), everyHours: 7 * 24 };

  test.each([
    ['a fresh summary', status('published'), 25, null],
    ['no report', null, 25, null],
    ['a day and two hours without news', null, 27, 'Nothing new for 27 h.'],
    ['a week and an hour of a weekly schedule', weekly, 7 * 24 + 1, null],
    ['a week and three hours of it', weekly, 7 * 24 + 3, 'Nothing new for 7 d.'],
    [
      'three hours of an hourly schedule',
      { ...status('published'), everyHours: 1 },
      4,
      'Nothing new for 4 h.',
    ],
    ['a held publish', status('held', ['why']), 1, 'Publishing was held at 2026-08-02 08:31 UTC.'],
    ['a failed run', status('failed', ['why']), 1, 'The run of 2026-08-02 08:31 UTC failed.'],
  ] as const)('%s', (_what, run, passed, title) => {
    const message = runMessage(run, published, hours(passed));
    if (title === null) expect(message).toBeNull();
    else expect(message?.title).toBe(`${title} What you see is from 2026-08-01 08:31 UTC.`);
  });
});
