// A dataset's page: what each check says, the evidence, the differences, and the message if a
// document is missing or broken.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { liveArchive } from '../../archives/openneuro/about-archive.ts';
import { CATALOGUE } from '../../archives/openneuro/catalogue.ts';
import type { S3Diff } from '../../archives/openneuro/documents.ts';
import type { SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import { snapshotsPath } from '../../archives/openneuro/paths.ts';
import { CONTENT_CHECKS } from '../../archives/openneuro/vocabulary.ts';
import { sentenceWordsOf } from '../../core/documents/catalogue.ts';
import { headline, issueSentence, withSince } from '../../core/documents/headline.ts';
import { STATUS_WORDS } from '../../core/documents/words.ts';
import { leading } from '../../core/monitor/check.ts';
import { checkPath } from '../support/documents.ts';
import { asRow } from '../support/legacy.ts';
import { CHECK_WORDS, checkOf, ISSUE_WORDS, issuesOf, subtypeOf } from '../support/words.ts';
import { longestTask } from './support/measure.ts';
import { changedWorld } from './support/server.ts';
import { NARROW, openStage, WIDE } from './support/stage.ts';
import { liveWorld, pickFrom, recordedWorld, sampleWorld } from './support/worlds.ts';

const WORDS = sentenceWordsOf(CATALOGUE);
const sample = await sampleWorld();
const recorded = await recordedWorld();
const rows = sample.summary.datasets;
const pick = pickFrom(rows);
const healthy = pick((row) => row.status === 'ok');
const lacking = pick((row) => (row.s3FilesAdded ?? 0) > 0 && row.status === 'error');
const blocked = pick((row) => row.s3Blocked === true);

/** Its status is older than the finding that is its worst one now. */
const compact = JSON.parse((await sample.world('summary.json')) as string);
const worse = {
  ...compact,
  columns: { ...compact.columns, since: compact.columns.id.map(() => 80) },
  findingSince: { [compact.columns.id.indexOf(lacking.id)]: 12 },
};

const { open } = await openStage({
  sample: sample.world,
  worse: changedWorld(sample.world, { 'summary.json': JSON.stringify(worse) }),
  outage: sample.outage,
  live: liveWorld(sample.world),
  elsewhere: liveWorld(
    sample.world,
    liveArchive({
      registryUrl: 'https://archive.example/api',
      mirrorUrl: 'https://git.example/mirrors',
      exportUrl: 'https://objects.example/bucket',
    }),
  ),
  bad: liveWorld(sample.world, {
    name: '<img src=x onerror=alert(1)>',
    origin: 'live',
    registryUrl: 'javascript:alert(1)//crn/graphql',
    mirrorUrl: 'data:text/html,x',
    exportUrl: 'https://user:secret@objects.example/b',
  }),
  ...(recorded && { recorded: recorded.world }),
  gone: changedWorld(sample.world, {
    [checkPath('github', healthy.id)]: undefined,
    [checkPath('s3Version', healthy.id)]: '{"schemaVersion":"3.0.0"}',
    [checkPath('s3Files', healthy.id)]: 'half a docum',
    [snapshotsPath(healthy.id)]: '[]',
  }),
  old: changedWorld(sample.world, {
    [checkPath('s3Files', lacking.id)]: JSON.stringify({
      schemaVersion: '2.2.0',
      removed: ['annex-uuid'],
    }),
  }),
  'no-summary': changedWorld(sample.world, { 'summary.json': undefined }),
  withdrawn: changedWorld(sample.world, {
    'datasets-registry.json': JSON.stringify({
      ...JSON.parse((await sample.world('datasets-registry.json')) as string),
      withdrawn: [{ id: 'ds999998', since: '2026-07-30T06:00:12.000Z' }],
    }),
  }),
  'no-registry': changedWorld(sample.world, { 'datasets-registry.json': undefined }),
  newer: changedWorld(sample.world, {
    [checkPath('github', healthy.id)]: JSON.stringify({
      ...JSON.parse((await sample.world(checkPath('github', healthy.id))) as string),
      status: 'error',
      subtype: 'tag-missing',
      findings: [{ subtype: 'tag-missing', status: 'error', tags: ['1.0.0'] }],
    }),
  }),
});

const linksAway = (page: Page) =>
  page
    .locator('.heading a.away')
    .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
const dataset = (id: string) => `dataset.html?id=${id}`;
const card = (page: Page, check: 'github' | 's3Version' | 's3Files') =>
  page.getByRole('article', { name: CHECK_WORDS[check].name });

/** The sentence about all checks that wait for the same thing. */
const together = (page: Page, check: 'github' | 's3Version' | 's3Files') =>
  page.locator('.together', { has: card(page, check) });
/** Those that follow from another one are not told by themselves. */
function shownIssues(row: SummaryRow): string[] {
  const { checks } = asRow(row);
  return issuesOf(row).filter((issue) => {
    const check = CATALOGUE.checkById.get(checkOf(issue));
    const found = checks[checkOf(issue)]?.findings ?? [];
    return check !== undefined && leading(check, found).includes(subtypeOf(issue));
  });
}

/** What does not count yet is in no row: content findings that only its documents have. */
async function furtherFindings(row: SummaryRow): Promise<number> {
  const counted = issuesOf(row).map(subtypeOf);
  const texts = await Promise.all(
    CONTENT_CHECKS.map((check) => sample.world(checkPath(check, row.id))),
  );
  return texts
    .flatMap((text) => (text === undefined ? [] : (JSON.parse(text).findings as string[])))
    .filter((finding) => !counted.includes(finding)).length;
}

describe('every dataset of the sample archive', () => {
  test.each(rows.map((row) => [row.id, row.status, row] as const))(
    '%s (%s) shows its verdicts, its issues and no other',
    async (id, _status, row) => {
      const page = await open('sample', dataset(id));
      expect(await page.locator('h1 .badge').textContent()).toBe(STATUS_WORDS[row.status]);
      for (const check of ['github', 's3Version', 's3Files'] as const) {
        const words = await card(page, check).locator('.badge').first().textContent();
        expect(words).toBe(STATUS_WORDS[row.checks[check]]);
      }
      const said = await page.locator('.issue .verdict').allTextContents();
      const issues = shownIssues(row);
      for (const issue of issues)
        expect(said).toContain(issueSentence(CATALOGUE, asRow(row), issue, WORDS));
      expect(said).toHaveLength(issues.length + (await furtherFindings(row)));
      expect(await page.locator('.unpublished').count()).toBe(0);
    },
  );
});

/** Of the whole visit; the least of some visits, because other work on the machine makes pauses. */
async function leastShift(id: string, viewport: typeof WIDE | typeof NARROW): Promise<number> {
  const shifts = [];
  for (let visit = 0; visit < 3; visit++) {
    const page = await open('sample', dataset(id), { viewport });
    shifts.push(
      await page.evaluate(async () => {
        let shift = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            shift += (entry as unknown as { value: number }).value;
          }
        }).observe({ type: 'layout-shift', buffered: true });
        await new Promise((resolve) => setTimeout(resolve, 200));
        return shift;
      }),
    );
  }
  return Math.min(...shifts);
}

describe('nothing moves once it is shown', () => {
  test.each(
    [healthy, lacking, blocked].flatMap(({ id }) => [
      { id, viewport: WIDE },
      { id, viewport: NARROW },
    ]),
  )('$id at $viewport.width pixels', async ({ id, viewport }) => {
    expect(await leastShift(id, viewport)).toBeLessThan(0.02);
  });
});

describe('the checks', () => {
  test('a healthy dataset shows its evidence and its snapshots', async () => {
    const page = await open('sample', dataset(healthy.id));
    expect(await card(page, 'github').locator('.verdict').textContent()).toBe(
      CHECK_WORDS.github.ok,
    );
    expect(await card(page, 'github').textContent()).toContain('git-annex');
    expect(await card(page, 's3Version').textContent()).toContain(`openneuro.${healthy.id}.v`);
    expect(await card(page, 's3Files').textContent()).toMatch(/In git\d+In the export\d+/);
    await expect.poll(() => page.locator('.snapshots td .ok').count()).toBeGreaterThan(0);
    expect(await page.locator('.snapshots .off').count()).toBe(0);
  });

  test('snapshots come newest first by version order', async () => {
    const many = pick((row) => row.latestSnapshot === '1.0.13');
    const page = await open('sample', dataset(many.id));
    await page.locator('.snapshots tbody tr').first().waitFor();
    const tags = await page.locator('.snapshots th code').allTextContents();
    expect(tags.slice(0, 4)).toEqual(['1.0.13', '1.0.12', '1.0.11', '1.0.10']);
    expect(tags.at(-1)).toBe('580551b4cce88d0009a33677');
  });

  test('a missing tag is marked in the list of snapshots', async () => {
    const row = pick((each) => each.issueSubtypes?.github === 'tag-missing');
    const page = await open('sample', dataset(row.id));
    await expect
      .poll(() => page.locator('.snapshots .off').first().textContent())
      .toContain('missing');
  });

  test('a blocked export shows the lock in both checks', async () => {
    const page = await open('sample', dataset(blocked.id));
    expect(await card(page, 's3Version').textContent()).toContain(
      ISSUE_WORDS['s3Version:blocked'].says,
    );
    expect(await together(page, 's3Files').textContent()).toContain('the export cannot be read');
  });

  test('what was never measured says so once, and nothing is asked for', async () => {
    const row = pick((each) => each.lastChecked !== null && each.lastChecked.s3Version === null);
    const page = await open('sample', dataset(row.id));
    expect(await page.getByText('Never measured.', { exact: true }).count()).toBe(1);
    for (const check of ['s3Version', 's3Files'] as const)
      expect(await together(page, check).textContent()).toContain('Never measured.');
    expect(await page.locator('.attempt').allTextContents()).toEqual([
      expect.stringMatching(
        /^ Export version, Export files, .* could not be measured on .*: the server reported an internal error \(HTTP 503\)\.$/,
      ),
    ]);
    expect(await page.locator('main').textContent()).not.toContain('no document');
  });

  test('a comparison that was not made is told by its reason alone', async () => {
    for (const row of [blocked, pick((each) => each.notCompared === 'tag-not-on-mirror')]) {
      const page = await open('sample', dataset(row.id));
      expect(await together(page, 's3Files').textContent()).toContain(
        'There is nothing to look at',
      );
      expect(await together(page, 's3Files').locator('.remark').count()).toBe(0);
    }
  });

  test('nothing is said to be missing from a closed mirror', async () => {
    const row = pick((each) => each.issueSubtypes?.github === 'repo-disabled');
    const page = await open('sample', dataset(row.id));
    expect(await card(page, 'github').locator('.evidence').textContent()).toBe(
      'Branches, tagsunknown',
    );
    expect(await page.locator('.snapshots tbody tr').textContent()).toContain('unknown');
    expect(await page.locator('.snapshots .off').count()).toBe(0);
  });

  test('links lead to the archive, the mirror and the export', async () => {
    const page = await open('live', dataset(healthy.id));
    expect(await linksAway(page)).toEqual([
      `https://openneuro.org/datasets/${healthy.id}/versions/${healthy.latestSnapshot}`,
      `https://github.com/OpenNeuroDatasets/${healthy.id}`,
      `https://s3.amazonaws.com/openneuro.org?list-type=2&prefix=${healthy.id}/&delimiter=/`,
    ]);
  });

  test('links follow the addresses of another archive, and are left out where there is no page', async () => {
    const page = await open('elsewhere', dataset(healthy.id));
    expect(await linksAway(page)).toEqual([
      `https://git.example/mirrors/${healthy.id}`,
      `https://objects.example/bucket?list-type=2&prefix=${healthy.id}/&delimiter=/`,
    ]);
    expect(await page.locator('.masthead .about').textContent()).toBe(
      "archive.example's datasets, their mirrors and exports",
    );
    expect(await page.locator('.banner').count()).toBe(0);
  });

  test('hostile addresses are no links, and a hostile name is text', async () => {
    const page = await open('bad', dataset(healthy.id));
    expect(await linksAway(page)).toEqual([]);
    expect(await page.locator('.masthead .about').textContent()).toContain('<img src=x');
    expect(await page.locator('img').count()).toBe(0);
  });

  test('a failed attempt is shown beside the verdict, which it does not change', async () => {
    const page = await open('outage', dataset(healthy.id), { now: '2026-08-02T09:00:00.000Z' });
    expect(await card(page, 's3Version').textContent()).toContain('Unverified since');
    expect(await page.locator('.attempt').textContent()).toContain(
      'the server reported an internal error (HTTP 503)',
    );
    expect(await card(page, 's3Version').locator('.badge').first().textContent()).toBe('OK');
  });

  test('a check newer than the summary says so', async () => {
    const page = await open('newer', dataset(healthy.id));
    const text = await card(page, 'github').textContent();
    expect(text).toContain('Measured again since the summary was published');
    const { status } = healthy;
    expect(await card(page, 'github').locator('.badge').first().textContent()).toBe(
      STATUS_WORDS[status],
    );
    expect(await card(page, 'github').locator('.unpublished .badge').textContent()).toBe('Error');
  });
});

describe('the heading says it all', () => {
  test('what is wrong, how much, since when, and who can fix it', async () => {
    const page = await open('sample', dataset(lacking.id));
    const row = asRow(lacking);
    const lead = page.locator('.lead');
    const { says } = headline(CATALOGUE, row, WORDS);
    expect(says).toMatch(/^\d[\d,]* of \d[\d,]* files/);
    expect(await lead.locator('.says').textContent()).toBe(withSince(says, 'before the first run'));
    expect(await lead.textContent()).toContain("The archive's operators can fix this");
  });

  test('is there before the documents are', async () => {
    const page = await open('sample', dataset(lacking.id));
    const held: (() => void)[] = [];
    await page.route('**/data/datasets/**', async (route) => {
      await new Promise<void>((resolve) => held.push(resolve));
      await route.continue();
    });
    await page.reload({ waitUntil: 'commit' });
    await page.locator('.lead .says').waitFor();
    expect(await page.locator('.check').count()).toBe(0);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    for (const release of held) release();
  });

  test.skipIf(recorded === null)('80,880 files are counted without a list of them', async () => {
    const page = await open('recorded', dataset('ds005810'));
    expect(await page.locator('.lead .says').textContent()).toBe(
      '80,880 of 82,318 files are missing from the export, since before the first run.',
    );
  });

  test('since when is that of the finding, also where the status is older', async () => {
    const page = await open('worse', dataset(lacking.id));
    expect(await page.locator('.lead .says').textContent()).toMatch(/, since 20 July 2026\.$/);
  });

  test('a likely cause is named, and its link leads to it', async () => {
    const page = await open('sample', dataset(lacking.id));
    await page.locator('.lead a').click();
    expect(new URL(page.url()).hash).toBe('#likely');
    expect(await page.locator('#likely').textContent()).toMatch(/^Likely cause/);
  });
});

describe('findings', () => {
  const noMirror = pick((row) => row.issueSubtypes?.github === 'repo-not-found');

  test('come before what is in order, which has a line each', async () => {
    const page = await open('sample', dataset(lacking.id));
    const order = await page
      .locator('article.check')
      .evaluateAll((all) => all.map((one) => (one.classList.contains('ok') ? 'ok' : 'wrong')));
    expect(order).toEqual([...order].sort().reverse());
    expect(order).toContain('ok');
    for (const line of await page.locator('.fine .check').all())
      expect((await line.boundingBox())?.height).toBeLessThan(60);
  });

  test('evidence is folded after three lines, and opens', async () => {
    const page = await open('sample', dataset(lacking.id));
    const facts = card(page, 's3Files').locator('.evidence > div');
    expect(
      await facts.evaluateAll((all) => all.filter((one) => one.checkVisibility()).length),
    ).toBe(3);
    await card(page, 's3Files').getByRole('button', { name: 'All evidence' }).click();
    expect(
      await facts.evaluateAll((all) => all.filter((one) => one.checkVisibility()).length),
    ).toBe(await facts.count());
  });

  test('what follows from a missing mirror is folded into it, and no link leads there', async () => {
    const page = await open('live', dataset(noMirror.id));
    expect(await card(page, 'github').locator('.issue').count()).toBe(1);
    expect(await card(page, 'github').locator('.follow').textContent()).toBe(
      'What follows from it: latest tag missing and no git-annex branch.',
    );
    const targets = await page
      .locator('a')
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    expect(targets.filter((to) => to.startsWith('https://github.com/'))).toEqual([]);
  });

  test('checks that wait for the same thing say so in one sentence', async () => {
    const page = await open('sample', dataset(noMirror.id));
    expect(await page.locator('.together').count()).toBe(1);
    expect(await page.locator('.together h2').allTextContents()).toEqual([
      'Export files',
      'Export contents',
      'Export record',
    ]);
    expect(await page.locator('.together .verdict').textContent()).toBe(
      'There is nothing to look at: no mirror can be read. The next run compares them once there is a mirror.',
    );
  });

  test('advice is addressed to those who can follow it', async () => {
    for (const { id } of rows.filter(({ status }) => status !== 'ok').slice(0, 12)) {
      const page = await open('sample', dataset(id));
      for (const advice of await page.locator('.fix').allTextContents())
        expect(advice).toMatch(/^(The archive's operators|The dataset's owner) can fix this: /);
      await page.context().close();
    }
  });

  test('each card links to the JSON that it shows', async () => {
    const page = await open('sample', dataset(lacking.id));
    const link = card(page, 's3Files').getByRole('link', { name: 's3-diff.json' });
    const answer = await page.request.get(
      await link.evaluate((one) => (one as HTMLAnchorElement).href),
    );
    expect(((await answer.json()) as S3Diff).added).toHaveLength(lacking.s3FilesAdded ?? 0);
  });

  test('a link to a check leads to it, and opens it', async () => {
    const page = await open('sample', `${dataset(healthy.id)}#check-annexRecord`);
    await expect
      .poll(() => page.locator('#check-annexRecord details').getAttribute('open'))
      .not.toBeNull();
    expect(await page.locator('#check-github details').getAttribute('open')).toBeNull();
  });
});

describe('the report', () => {
  test('has what a person needs to tell, and is copied as shown', async () => {
    const page = await open('live', dataset(lacking.id), {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.getByRole('button', { name: 'Report it to them' }).click();
    const text = await page.getByLabel('Text of the report').inputValue();
    expect(text).toContain(`${lacking.id}@${lacking.latestSnapshot}: `);
    expect(text).toContain(headline(CATALOGUE, asRow(lacking), WORDS).says);
    expect(text).toMatch(/As of 2026-08-01 \d\d:\d\d UTC/);
    expect(text).toMatch(/Likely cause: \*\*[^*]+\*\*\. [A-Z].*\.$/m);
    expect(text).not.toMatch(/undefined|null/);
    expect(text).toContain(`/dataset.html?id=${lacking.id}`);
    expect(text).toContain(`/datasets/${lacking.id}/s3-diff.json`);
    await page.getByRole('button', { name: 'Copy the report' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
    const link = page.getByRole('link', { name: /Open as a new issue/ });
    const to = new URL((await link.getAttribute('href')) ?? '');
    expect(to.origin + to.pathname).toBe('https://github.com/OpenNeuroOrg/openneuro/issues/new');
    expect(text).toBe(`${to.searchParams.get('title')}\n\n${to.searchParams.get('body')}`);
  });

  test('is loaded when asked for, and names no tracker of an archive that has none', async () => {
    const page = await open('elsewhere', dataset(lacking.id));
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.getByRole('button', { name: 'Report it to them' }).click();
    await page.getByLabel('Text of the report').waitFor();
    expect(asked.some((url) => url.includes('/assets/'))).toBe(true);
    expect(await page.locator('dialog a').count()).toBe(0);
  });
});

describe('the snapshots', () => {
  test('one request has the dates of all', async () => {
    const many = pick((row) => row.latestSnapshot === '1.0.13');
    const page = await open('sample', dataset(many.id));
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.reload();
    await page.locator('.snapshots tbody tr').first().waitFor();
    expect(asked.filter((url) => url.includes('snapshots'))).toHaveLength(1);
    expect(await page.locator('.snapshots td:nth-child(2)').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^\d{4}-\d\d-\d\d$/)]),
    );
    expect(await page.locator('.snapshots').textContent()).not.toContain('unknown');
  });

  test('each says whether the export holds it', async () => {
    const page = await open('sample', dataset(healthy.id));
    const cells = page.locator('.snapshots td:nth-child(4)');
    expect(await cells.first().textContent()).toMatch(/^ every file/);
    const other = await open('sample', dataset(lacking.id));
    await other.locator('.snapshots td:nth-child(4) a').click();
    expect(new URL(other.url()).hash).toBe('#check-s3Files');
  });
});

describe('what is missing or broken is said, never a blank and never a false green', () => {
  test.each([
    ['', 'No dataset is named'],
    ['?id=', 'No dataset is named'],
    ['?id=%3Cscript%3Ealert(1)%3C/script%3E', 'No dataset is named'],
    ['?id=../../etc/passwd', 'No dataset is named'],
    [`?id=${'x'.repeat(129)}`, 'No dataset is named'],
    [`?id=${'x'.repeat(128)}`, `${'x'.repeat(128)} is not known here`],
    ['?id=ds999999', 'ds999999 is not known here'],
  ])('dataset.html%s', async (query, title) => {
    const page = await open('sample', `dataset.html${query}`);
    await expect.poll(() => page.locator('.trouble h1').textContent()).toBe(title);
    expect(await page.locator('.badge').count()).toBe(0);
  });

  test('a dataset that was withdrawn says so, and since when', async () => {
    const page = await open('withdrawn', dataset('ds999998'));
    await expect
      .poll(() => page.locator('.trouble').textContent())
      .toBe(
        'ds999998 was withdrawnThe registry has not had it since 2026-07-30. Its results are not kept.',
      );
    expect(await page.locator('.badge, article').count()).toBe(0);
  });

  test('the list of the registry is loaded only for a dataset that the summary does not have', async () => {
    const page = await open('withdrawn', dataset(healthy.id));
    await expect.poll(() => page.locator('h1 .badge').count()).toBe(1);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.reload();
    await expect.poll(() => page.locator('h1 .badge').count()).toBe(1);
    expect(asked.join()).toContain('/data/summary.json');
    expect(asked.join()).not.toContain('datasets-registry.json');
  });

  test('a dataset may be withdrawn or not when that list is missing', async () => {
    const page = await open('no-registry', dataset('ds999998'), { expected: ['404'] });
    await expect
      .poll(() => page.locator('.trouble').textContent())
      .toContain('It may be new, private or withdrawn');
  });

  test('documents that are absent, broken or half', async () => {
    const page = await open('gone', dataset(healthy.id), { expected: ['404'] });
    await expect
      .poll(() => card(page, 'github').textContent())
      .toContain('There is no document with evidence');
    expect(await card(page, 's3Version').textContent()).toContain('cannot be understood');
    expect(await card(page, 's3Files').textContent()).toContain('cannot be understood');
    expect(await page.locator('.snapshots').textContent()).toContain(
      'The list of snapshots is broken',
    );
  });

  test('a comparison of an older schema is not shown as if it were ours', async () => {
    const page = await open('old', dataset(lacking.id));
    await expect.poll(() => card(page, 's3Files').textContent()).toContain('of an older form');
    expect(await page.locator('.differences').count()).toBe(0);
  });

  test('the documents still speak without a summary, and the status is unknown', async () => {
    const page = await open('no-summary', dataset(lacking.id), { expected: ['404'] });
    await expect.poll(() => page.locator('.trouble').textContent()).toContain('status is unknown');
    expect(await card(page, 's3Files').textContent()).not.toContain('Not measured');
    expect(await page.locator('h1 .badge').count()).toBe(0);
    await expect
      .poll(() => card(page, 's3Files').locator('.badge').first().textContent())
      .toBe('Error');
  });
});

const differences = async (): Promise<S3Diff> =>
  JSON.parse((await sample.world(checkPath('s3Files', lacking.id))) as string);

describe('the difference viewer', () => {
  test('folders roll up counts; the list shows the same with context', async () => {
    const page = await open('sample', dataset(lacking.id));
    const diff = await differences();
    await page.getByRole('tree').waitFor();
    const leaves = page.locator('[role="treeitem"]:not(.folder)');
    expect(await leaves.count()).toBe(diff.added.length + diff.removed.length);
    await page.getByRole('button', { name: 'List', exact: true }).click();
    await page.locator('.lines li').first().waitFor();
    const paths = (kind: string) => page.locator(`.lines li.${kind} bdi`).allTextContents();
    expect(await paths('missing')).toEqual(diff.added);
    expect(await paths('extra')).toEqual(diff.removed);
    expect(await paths('context')).toEqual(diff.context);
  });

  test('a search narrows both forms and what is copied', async () => {
    const page = await open('sample', dataset(lacking.id), {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const diff = await differences();
    const [wanted = ''] = diff.added;
    await page.getByRole('searchbox').fill(wanted.toUpperCase());
    await expect.poll(() => page.locator('.found b').textContent()).toBe('1');
    await page.getByRole('button', { name: 'Copy 1 missing' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${wanted}\n`);
    await page.getByRole('searchbox').fill('no such path');
    expect(await page.locator('.differences .nothing').textContent()).toBe('No path matches.');
  });

  test('the tree is walked by keys', async () => {
    const page = await open('sample', dataset(lacking.id));
    const folder = page.locator('[role="treeitem"].folder').first();
    await folder.focus();
    const name = await folder.locator('.name').textContent();
    const before = await page.getByRole('treeitem').count();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => folder.getAttribute('aria-expanded')).toBe('false');
    expect(await page.getByRole('treeitem').count()).toBeLessThan(before);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(() => page.locator('[role="treeitem"]:focus').getAttribute('aria-level'))
      .toBe('2');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.locator('[role="treeitem"]:focus .name').textContent()).toBe(name);
  });

  test('bookkeeping and submodules stand apart, with the reason why they are no fault', async () => {
    const find = async (list: 'bookkeeping' | 'submodules') => {
      for (const { id, status } of rows) {
        const text = await sample.world(checkPath('s3Files', id));
        if (status === 'ok' && text && (JSON.parse(text) as S3Diff)[list].length > 0) return id;
      }
      throw new Error(`no healthy dataset with ${list}`);
    };
    const page = await open('sample', dataset(await find('bookkeeping')));
    await expect.poll(() => page.locator('.no-fault').textContent()).toContain('annex-uuid');
    expect(await page.locator('.no-fault').textContent()).toContain('they are no fault');
    const other = await open('sample', dataset(await find('submodules')));
    await expect.poll(() => other.locator('.no-fault').textContent()).toContain('never exported');
  });

  test('a link leads to a search of the paths, a folder, or the list', async () => {
    const page = await open('sample', dataset(lacking.id), {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const diff = await differences();
    const [wanted = ''] = diff.added;
    await page.getByRole('searchbox').fill(wanted);
    await page.getByRole('button', { name: 'List', exact: true }).click();
    await page.getByRole('button', { name: 'Copy link' }).click();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(() => page.url()).toBe(link);
    const other = await open('sample', link.slice(link.indexOf('dataset.html')));
    await other.locator('.lines li').first().waitFor();
    expect(await other.getByRole('searchbox').inputValue()).toBe(wanted);
    expect(await other.locator('.found b').textContent()).toBe('1');
  });

  test('390 pixels need no sideways scrolling of the page', async () => {
    const page = await open('sample', dataset(lacking.id), { viewport: NARROW });
    await page.getByRole('tree').waitFor();
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
    ).toBe(true);
  });
});

describe.skipIf(recorded === null)('80,880 differences (ds005810)', () => {
  test('a link to a folder loads them, opens it and shows it', async () => {
    const page = await open('recorded', `${dataset('ds005810')}&folder=sub-23#differences`);
    const folder = page.locator('[role="treeitem"].folder', { hasText: 'sub-23/' });
    await expect.poll(() => folder.getAttribute('aria-expanded')).toBe('true');
    expect(await page.locator('[aria-expanded="true"]').count()).toBe(1);
    const first = await page.locator('.frame').evaluate((frame) => frame.scrollTop);
    expect(first).toBeGreaterThan(0);
  });

  test('are loaded when asked for, and open, scroll and search without freezing', async () => {
    const page = await open('recorded', dataset('ds005810'));
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.locator('.unasked button').waitFor();
    expect(asked.filter((url) => url.includes('s3-diff'))).toEqual([]);
    const longest = await longestTask(page, async () => {
      await page.getByRole('button', { name: 'Show 80,880 differences' }).click();
      await page.getByRole('tree').waitFor();
      expect(await page.locator('.found b').textContent()).toBe('80,880');
      await page.getByRole('button', { name: 'List', exact: true }).click();
      await page.locator('.lines li').first().waitFor();
      await page.locator('.frame').evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));
      await expect
        .poll(() => page.locator('.lines li').last().getAttribute('aria-posinset'))
        .toBe(await page.locator('.lines li').last().getAttribute('aria-setsize'));
      expect(await page.locator('.lines li').count()).toBeLessThan(120);
      await page.getByRole('searchbox').fill('sub-01/');
      await expect.poll(() => page.locator('.found b').textContent()).not.toBe('80,880');
    });
    console.log(`80,880 differences: longest task ${Math.round(longest)} ms of CPU`);
    expect(longest).toBeLessThan(500);
  });
});
