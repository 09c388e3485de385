// The small parts of the command line: values of options, numbers in words, log lines, progress.

import { describe, expect, test, vi } from 'vitest';
import { CATALOGUE } from '../../archives/openneuro/catalogue.ts';
import { openneuro } from '../../archives/openneuro/index.ts';
import { createConsole } from '../../bin/cli/console.ts';
import { bytes, duration, plain } from '../../bin/cli/format.ts';
import { completeOptions } from '../../bin/cli/options.ts';
import { gatherFacts, outcomeText } from '../../bin/cli/outcome.ts';
import { createProgress, describe as describeProgress, waitsFor } from '../../bin/cli/progress.ts';
import { parseAddress, parseDuration, parseNames } from '../../bin/cli/values.ts';
import { dryRunStore } from '../../bin/store/dry-run.ts';
import type { Rows } from '../../core/documents/rows.ts';
import { SCHEMA_VERSION } from '../../core/documents/vocabulary.ts';
import { foldingLog } from '../../core/fold-log.ts';
import { askedBy } from '../../core/monitor/archive.ts';
import { noTraffic } from '../../core/traffic.ts';

describe('values of options', () => {
  test.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['6h', 21_600_000],
    ['7d', 604_800_000],
    ['0', 0],
    ['0d', 0],
  ])('%s is %d milliseconds', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each(['', '7', 'd', '-1d', '1.5h', '1w', '7 d', '9999999d', '1e3s'])(
    '%j is no duration',
    (text) => {
      expect(() => parseDuration(text)).toThrow('90s, 15m, 6h or 7d');
    },
  );

  test('ids are split at commas, each once', () => {
    expect(parseNames('Give ids.')('ds000117, ds000246,,ds000117')).toEqual([
      'ds000117',
      'ds000246',
    ]);
  });

  test('stages come in the order of the pipeline', () => {
    expect(completeOptions({ stages: ['summarize', 'check-github'] }).stages).toEqual([
      'check-github',
      'summarize',
    ]);
  });

  test('a slash at the end of an address does not count', () => {
    expect(parseAddress('http://127.0.0.1:8000/s3/')).toBe('http://127.0.0.1:8000/s3');
  });

  test.each(['example.org', 'ftp://example.org', 'https://u:p@example.org', 'https://a/?x', ''])(
    '%j is no address',
    (text) => {
      expect(() => parseAddress(text)).toThrow('Give an address');
    },
  );
});

describe('numbers in words', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [13_900_000, '13.9 MB'],
    [2.5e15, '2500 TB'],
  ])('%d bytes are %s', (count, words) => {
    expect(bytes(count)).toBe(words);
  });

  test.each([
    [0, '0.0 s'],
    [9949, '9.9 s'],
    [9950, '10 s'],
    [59_600, '1 min'],
    [200_000, '3 min 20 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
  ])('%d milliseconds are %s', (milliseconds, words) => {
    expect(duration(milliseconds)).toBe(words);
  });

  test('foreign text cannot move the cursor, change the direction or start another line', () => {
    expect(plain('a\u001b[2Jb\nc\u202ed\u2028e\u0000')).toBe(
      'a\\u{1b}[2Jb\\u{a}c\\u{202e}d\\u{2028}e\\u{0}',
    );
  });
});

function recorder({ json = false, verbose = false } = {}) {
  const lines: string[] = [];
  const console = createConsole({
    stream: { write: (text: string) => lines.push(text.slice(0, -1)) },
    now: () => new Date('2026-08-01T12:03:00.000Z'),
    json,
    verbose,
  });
  return { lines, console };
}

describe('log lines', () => {
  test('are one line a piece, hostile facts quoted', () => {
    const { lines, console } = recorder();
    console.log('warn', 'not measured', {
      dataset: 'ds000001',
      detail: 'a\nb \u001b[31m',
      none: null,
    });
    console.log('debug', 'checked', {});
    expect(lines).toEqual([
      '12:03:00 warn  not measured dataset=ds000001 detail="a\\nb \\u001b[31m"',
    ]);
  });

  test('as JSON they keep their facts', () => {
    const { lines, console } = recorder({ json: true, verbose: true });
    console.log('debug', 'checked', { dataset: 'ds000001', error: new Error('why') });
    console.say('Going on.');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        time: '2026-08-01T12:03:00.000Z',
        level: 'debug',
        event: 'checked',
        dataset: 'ds000001',
        error: 'why',
      },
      { time: '2026-08-01T12:03:00.000Z', level: 'info', event: 'note', text: 'Going on.' },
    ]);
  });

  test.each([{ json: true }, { json: false }])(
    'foreign text never reaches the terminal raw, $json for JSON',
    ({ json }) => {
      const { lines, console } = recorder({ json });
      const hostile = 'a\u001b[31m \u009b2J \u007f \u202egnp \u2028 \u{e0041} \ud800 end';
      console.log('warn', `event ${hostile}`, { path: hostile, list: [hostile] });
      console.say(hostile);
      expect(lines).toHaveLength(2);
      for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      if (json) expect(JSON.parse(lines[0] ?? '').path).toBe(hostile);
    },
  );
});

describe('progress', () => {
  test('says how many, how fast, and how long it still takes', () => {
    const counter = { total: 1834, done: 412, failed: 3, began: 0 };
    expect(describeProgress(counter, 42_000)).toBe(
      '412/1,834 (22%), 9.8 a second, about 2 min 25 s left, 3 not measured',
    );
  });

  test('shows no rate before a second has passed, and no unknown end', () => {
    expect(describeProgress({ total: 10, done: 5, failed: 0, began: 0 }, 500)).toBe('5/10 (50%)');
    expect(describeProgress({ total: 0, done: 40, failed: 0, began: 0 }, 4000)).toBe(
      '40, 10 a second',
    );
  });

  test('each stage ends with a line where there is no terminal, two stages at once included', () => {
    const { lines, console } = recorder();
    let now = 0;
    const progress = createProgress({
      askedBy: askedBy(openneuro),
      console,
      bars: null,
      now: () => now,
    });
    progress.start('check-github', 2);
    progress.start('check-s3-version', 1);
    progress.step('check-github', 'ds000001', true);
    progress.step('check-s3-version', 'ds000001', false);
    progress.step('check-github', 'ds000002', true);
    now = 12_000;
    progress.end('check-github');
    progress.end('check-s3-version');
    progress.close();
    expect(lines).toEqual([
      'check-github: 2 in 12 s',
      'check-s3-version: 1 in 12 s, 1 not measured',
    ]);
  });
});

describe('the table at the end', () => {
  const run = {
    runStart: '2026-08-01T12:00:00.000Z',
    out: "it's here",
    durationSeconds: 200,
    traffic: noTraffic(),
    dryRun: null,
  };
  const text = (result: Parameters<typeof gatherFacts>[1]) =>
    outcomeText(gatherFacts(CATALOGUE, result, run), process.stdout);
  const summary = {
    schemaVersion: SCHEMA_VERSION,
    lastUpdated: run.runStart,
    datasets: [],
  } as const;

  test.each([
    ['published', /^Published$/m, /--out 'it'\\''s here'/],
    ['held', /^Held: the summary was not replaced\n {2}too much\\u\{1b\}/m, /--publish-anyway/],
    ['failed', /^Failed/m, /Run again/],
    ['interrupted', /^Interrupted/m, /same command again/],
  ] as const)('of a run that was %s says so and what to do', (outcome, headline, advice) => {
    const why = outcome === 'published' ? [] : ['too much\u001b'];
    const said = text({ outcome, why, reports: [], summary: { ...summary, datasets: [] } });
    expect(said).toMatch(headline);
    expect(said).toMatch(advice);
  });
});

test('the five worst are named, each with its worst finding and since when', () => {
  const numbers = { added: 0, removed: 0 };
  const row = (id: string, status: string, finding: string, added = 0, since = '2026-03-12') => ({
    ...{ id, status, since: `${since}T06:00:00.000Z`, causes: [], pending: null },
    checks: {
      s3Files: {
        ...{ status, findings: [finding], numbers: { ...numbers, added }, at: since },
        since: `${since}T06:00:00.000Z`,
      },
    },
  });
  const datasets = [
    row('ds000001', 'error', 'files-missing', 3),
    row('ds000002', 'error', 'files-missing', 80_880),
    row('ds000003', 'error', 'export-missing'),
    row('ds000004', 'warning', 'files-orphaned'),
    row('ds000005', 'error', 'files-missing', 3, '2026-03-11'),
    row('ds000006', 'error', 'files-missing', 2),
    { ...row('ds000007', 'ok', ''), checks: {} },
  ];
  const run = { runStart: '', out: 'data', durationSeconds: 1, traffic: noTraffic(), dryRun: null };
  const summary = { lastUpdated: '', datasets } as unknown as Rows;
  const result = { outcome: 'published', why: [], reports: [], summary } as const;
  const facts = gatherFacts(CATALOGUE, result, run);
  expect(facts.worst.map(({ id }) => id)).toEqual([
    'ds000003',
    'ds000002',
    'ds000005',
    'ds000001',
    'ds000006',
  ]);
  const text = outcomeText(facts, process.stdout);
  expect(text).toMatch(/^worst +status +since$/m);
  expect(text).toMatch(/^ds000003 +error +2026-03-12 +The export holds no file/m);
  expect(text).toMatch(/^ds000002 +error +2026-03-12 +80,880 files are missing/m);
});

test('the table has no line of nothing', () => {
  const row = { id: 'ds000001', status: 'ok', checks: {}, causes: [], pending: null };
  const summary = { lastUpdated: '', datasets: [row] } as unknown as Rows;
  const run = { runStart: '', out: 'data', durationSeconds: 1, traffic: noTraffic(), dryRun: null };
  const result = { outcome: 'published', why: [], reports: [], summary } as const;
  const text = outcomeText(gatherFacts(CATALOGUE, result, run), process.stdout);
  expect(text).toMatch(/^ok +1\nall +1$/m);
  expect(text).not.toMatch(/(?:^| )0(?: |$)/m);
});

test('a dry run sees what it would have written and counts it', async () => {
  const nothing = async () => undefined;
  const refuse = async (): Promise<never> => {
    throw new Error('written');
  };
  const store = dryRunStore(
    {
      readDocument: nothing,
      open: async (dataset) => ({ dataset, record: () => undefined, save: refuse }),
      readTree: nothing,
      readLastRun: nothing,
      listRecords: () => (async function* () {})(),
      writeDocument: refuse,
      writePieces: refuse,
      writePage: refuse,
      writeTree: refuse,
      writeRun: refuse,
      listHistory: async () => [],
      listDatasets: async () => new Set(),
      contentsOf: async () => ({ documents: [], records: 8 }),
      removeDataset: refuse,
    },
    openneuro,
  );
  const path = 'datasets/ds000001/snapshots.json';
  const document = { schemaVersion: SCHEMA_VERSION, tags: ['1.0.0'] };
  expect(await store.writeDocument(path, document)).toBe('written');
  expect(await store.writeDocument(path, document)).toBe('unchanged');
  expect(await store.readDocument(path)).toEqual(document);
  await store.writeTree('a'.repeat(40), Buffer.from('x'));
  expect(await store.removeDataset('ds000002')).toEqual({ documents: [], records: 8 });
  const removed = ['ds000002'];
  const changes = { documents: [path], records: 0, removed, trees: 1, unchanged: 1 };
  expect(store.changes()).toEqual(changes);
});

describe('what is waited for', () => {
  const NOW = 1_000_000;
  const one = (more = {}) => ({
    ...({ kind: 'listing', host: 's3.amazonaws.com', about: 'ds000123', paused: false } as const),
    since: NOW - 12_000,
    ...more,
  });
  test.each([
    ['check-s3-files', 6000, [one()], 'waiting for s3.amazonaws.com: ds000123 (12 s)'],
    [
      'check-s3-files',
      6000,
      [one(), one()],
      'waiting for s3.amazonaws.com: ds000123 (12 s) and 1 more',
    ],
    [
      'check-github',
      6000,
      [one({ kind: 'refs', host: 'github.com', paused: true })],
      'waiting for github.com, which asks to be left alone: ds000123 (12 s)',
    ],
    [
      'fetch-registry',
      6000,
      [one({ kind: 'registry', about: null })],
      'waiting for s3.amazonaws.com (12 s)',
    ],
    [
      'check-s3-files',
      6000,
      [one({ about: 'ds\u001b[31m' })],
      'waiting for s3.amazonaws.com: ds\\u{1b}[31m (12 s)',
    ],
    ['check-s3-files', 4000, [one()], ''],
    ['check-github', 6000, [one()], ''],
    ['check-github', 6000, [], ''],
  ] as const)('%s after %i ms', (stage, quiet, waiting, text) => {
    expect(waitsFor(stage, { last: NOW - quiet }, waiting, NOW, askedBy(openneuro))).toBe(text);
  });

  test.each([false, true])('stands in the line of its stage, as JSON: %j', async (json) => {
    vi.useFakeTimers();
    try {
      const lines: string[] = [];
      const stream = { write: (text: string) => lines.push(text) };
      const console = createConsole({ stream, now: () => new Date(), json, verbose: false });
      const waiting = () => [one({ since: Date.now() - 12_000 })];
      const progress = createProgress({
        console,
        bars: null,
        waiting,
        askedBy: askedBy(openneuro),
      });
      progress.start('check-s3-files', 4);
      progress.step('check-s3-files', 'ds000001', true);
      vi.advanceTimersByTime(10_000);
      progress.close();
      expect(lines.at(-1)).toContain('waiting for s3.amazonaws.com: ds000123 (12 s)');
      expect(lines.at(-1)).toContain(json ? '"done":1' : 'check-s3-files: 1/4 (25%)');
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('equal warnings', () => {
  function folding() {
    let now = 0;
    const said: unknown[][] = [];
    const log = foldingLog((...line) => said.push(line), { now: () => now, apart: ['dataset'] });
    const pass = (milliseconds: number) => {
      now += milliseconds;
    };
    return { ...log, said, pass };
  }
  const warn = ({ log }: ReturnType<typeof folding>, times: number, reason = 'timeout') => {
    for (let n = 0; n < times; n += 1) log('warn', 'not measured', { dataset: `ds${n}`, reason });
  };

  test('are folded, and the end says how many there were', () => {
    const folded = folding();
    warn(folded, 44);
    expect(folded.said).toHaveLength(3);
    folded.flush();
    folded.flush();
    expect(folded.said.slice(3)).toEqual([
      ['warn', '… 41 more like this', { like: 'not measured', reason: 'timeout', more: 41 }],
    ]);
  });

  test('different warnings, errors and other output are never folded', () => {
    const folded = folding();
    warn(folded, 3);
    warn(folded, 3, 'throttled');
    for (let n = 0; n < 5; n += 1) folded.log('error', 'a check broke');
    for (let n = 0; n < 5; n += 1) folded.log('info', 'checked');
    folded.flush();
    expect(folded.said).toHaveLength(16);
  });

  test('warnings that continue are repeated after a while', () => {
    const folded = folding();
    warn(folded, 10);
    folded.pass(30_000);
    folded.log('info', 'stage ended');
    warn(folded, 5);
    folded.flush();
    const more = folded.said.flatMap(([, event]) => /… (\d+)/.exec(String(event))?.[1] ?? []);
    expect(more).toEqual(['7', '5']);
  });
});
