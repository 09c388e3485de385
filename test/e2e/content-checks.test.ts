// What the pages say about the content checks: their cards, the likely causes with their commands,
// clusters, leftovers; and that a check which was not made is never shown as good.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { AnnexRecord, Causes, S3Content } from '../../archives/openneuro/documents.ts';
import type { SummaryRow } from '../../archives/openneuro/legacy/summary.ts';
import { LEFTOVERS_PATH } from '../../archives/openneuro/paths.ts';
import {
  CHECK_SUBTYPES,
  CONTENT_CHECKS,
  type ContentCheck,
  OPTIONAL_CHECKS,
} from '../../archives/openneuro/vocabulary.ts';
import { briefCoverage, type Compared, capital, coverage } from '../../core/documents/coverage.ts';
import { causesPath, PLAIN_PATH } from '../../core/documents/paths.ts';
import { NOT_CHECKED, STATUS_WORDS } from '../../core/documents/words.ts';
import { checkPath } from '../support/documents.ts';
import { compactSummary } from '../support/legacy.ts';
import { CAUSE_WORDS, CHECK_WORDS, ISSUE_WORDS } from '../support/words.ts';
import { changedWorld, type World } from './support/server.ts';
import { idsOn, NARROW, openStage } from './support/stage.ts';
import { pickFrom, recordedWorld, sampleWorld } from './support/worlds.ts';

const sample = await sampleWorld();
const recorded = await recordedWorld();
const rows = sample.summary.datasets;
const pick = pickFrom(rows);
const found = (check: ContentCheck, subtype: string) =>
  pick((row) => row.issueSubtypes?.[check] === subtype);
const healthy = pick((row) => row.status === 'ok');
const shorter = found('s3Content', 'size-mismatch');

const document = async <T>(path: string): Promise<T> => {
  const text = await sample.world(path);
  if (text === undefined) throw new Error(`the sample has no ${path}`);
  return JSON.parse(text) as T;
};

/** The same archive with the content checks switched off. */
const off: World = (() => {
  const datasets = rows.map((row) => ({
    ...row,
    status: row.checks.s3Files,
    checks: { ...row.checks, s3Content: null, s3Access: null, annexRecord: null },
    causes: [],
    compared: undefined,
  }));
  const parts = compactSummary({ ...sample.summary, datasets });
  return (path) => {
    const part = parts.get(path);
    if (part) return JSON.stringify(part);
    return /s3-content|s3-access|annex-record|causes/.test(path) ? undefined : sample.world(path);
  };
})();

const hostile = await document<Causes>(causesPath(sample.hostile));
const HOSTILE_COMMAND = "curl -sSI 'https://host/it'\\''s'; <img src=x onerror=alert(1)>";

/** Unknown values come last. */
const leastChangeFirst = (causes: SummaryRow['causes'] = []) => [
  ...causes
    .filter((cause) => cause !== 'no-known-cause')
    .sort((a, b) => CAUSE_WORDS[a].changes - CAUSE_WORDS[b].changes),
  ...causes.filter((cause) => cause === 'no-known-cause'),
];

/** Invented datasets have no commands: here each cause has two that name their cause. */
const withCommands: World = async (path) => {
  const text = await sample.world(path);
  if (text === undefined || !path.endsWith('/causes.json')) return text;
  const { causes, ...rest } = JSON.parse(text) as Causes;
  const made = causes.map((one) => ({
    ...one,
    verify: `verify '${one.cause}'`,
    mend: `mend '${one.cause}'`,
    ...(one.cause === 'still-private' && { untested: true as const }),
  }));
  return JSON.stringify({ ...rest, causes: made });
};

const { open } = await openStage({
  sample: sample.world,
  off,
  ...(recorded && { recorded: recorded.world }),
  hostile: changedWorld(sample.world, {
    [causesPath(sample.hostile)]: JSON.stringify({
      ...hostile,
      causes: hostile.causes.map((one) => ({
        ...one,
        evidence: ['<script>alert(2)</script>', '\u202egnp.exe'],
        verify: HOSTILE_COMMAND,
        mend: null,
      })),
    }),
  }),
  commands: withCommands,
  broken: changedWorld(sample.world, {
    [checkPath('s3Content', shorter.id)]: '{"schemaVersion":"3.0.0","status":"ok"}',
    [checkPath('annexRecord', shorter.id)]: 'half a docum',
    [causesPath(shorter.id)]: '[]',
  }),
});

const dataset = (id: string) => `dataset.html?id=${id}`;
const card = (page: Page, check: ContentCheck) =>
  page.getByRole('article', { name: CHECK_WORDS[check].name });

describe('the cards of a dataset', () => {
  test.each(
    rows
      .filter((row) => row.causes?.length || row.status === 'ok')
      .map((row) => [row.id, row] as const),
  )('%s shows the verdicts of the content checks', async (id, row) => {
    const page = await open('sample', dataset(id));
    for (const check of CONTENT_CHECKS) {
      const status = row.checks[check];
      const words = status == null ? NOT_CHECKED : STATUS_WORDS[status];
      expect(await card(page, check).locator('.badge').first().textContent()).toBe(words);
    }
    const causes = await page.locator('.cause h3').allTextContents();
    expect(causes).toEqual(leastChangeFirst(row.causes).map((cause) => CAUSE_WORDS[cause].label));
  });

  test('a verdict on contents says how many files were compared how deep', async () => {
    const page = await open('sample', dataset(healthy.id));
    const { compared } = await document<S3Content>(checkPath('s3Content', healthy.id));
    const facts = await card(page, 's3Content').locator('.evidence > div').allTextContents();
    expect(facts.find((fact) => fact.startsWith('Content'))).toContain(`${compared.content} file`);
    expect(facts.find((fact) => fact.startsWith('Size only'))).toContain(`${compared.size} file`);
    expect(facts.find((fact) => fact.startsWith('Not compared'))).toContain(
      `${compared.none} file`,
    );
    expect(await card(page, 's3Content').locator('.reach').textContent()).toBe(
      `${capital(coverage(compared))}.`,
    );
  });

  test('a fault in contents shows how far the comparison reached', async () => {
    const page = await open('sample', dataset(shorter.id));
    const { compared } = await document<S3Content>(checkPath('s3Content', shorter.id));
    expect(await card(page, 's3Content').locator('.reach').textContent()).toBe(
      `${capital(coverage(compared))}.`,
    );
  });

  test('the row of a dataset says it as well, and the plain page', async () => {
    const page = await open('sample', `?q=${healthy.id}`);
    const { compared } = await document<S3Content>(checkPath('s3Content', healthy.id));
    const cell = page.locator('tbody td.c-files').first();
    expect(await cell.getAttribute('title')).toBe(`${capital(coverage(compared))}.`);
    expect(await cell.locator('.coverage').textContent()).toBe(briefCoverage(compared));
    const plain = await sample.world(PLAIN_PATH);
    expect(plain).toContain(
      `<td data-label="Contents">${capital(coverage(shorter.compared as Compared))}</td>`,
    );
  });

  test('what was not compared has no reach', async () => {
    const waiting = pick((row) => row.notCompared === 'tag-not-on-mirror');
    const page = await open('sample', dataset(waiting.id));
    await card(page, 's3Content').locator('.badge').waitFor();
    expect(await card(page, 's3Content').locator('.reach').count()).toBe(0);
  });

  test.each(CHECK_SUBTYPES.s3Content)('%s: what is wrong, and which files', async (subtype) => {
    const row = found('s3Content', subtype);
    const page = await open('sample', dataset(row.id));
    const text = await card(page, 's3Content').textContent();
    expect(text).toContain(ISSUE_WORDS[`s3Content:${subtype}`].says);
    const { mismatches } = await document<S3Content>(checkPath('s3Content', row.id));
    expect(mismatches.length).toBeGreaterThan(0);
    for (const { path } of mismatches) expect(text).toContain(path);
  });

  test('an older export is told by its tag', async () => {
    const row = found('annexRecord', 'export-behind');
    const page = await open('sample', dataset(row.id));
    const { exportedTag } = await document<AnnexRecord>(checkPath('annexRecord', row.id));
    const facts = await card(page, 'annexRecord').locator('.evidence > div').allTextContents();
    expect(facts.find((fact) => fact.startsWith('Exported'))).toContain(exportedTag);
  });

  test('documents that are broken say so, and the rest of the page stands', async () => {
    const page = await open('broken', dataset(shorter.id));
    expect(await card(page, 's3Content').textContent()).toContain('cannot be understood');
    expect(await card(page, 's3Content').locator('.badge').first().textContent()).toBe('Error');
    expect(await card(page, 'annexRecord').textContent()).toContain('cannot be understood');
    expect(await card(page, 's3Access').locator('.badge').first().textContent()).toBe('OK');
    expect(await page.getByText('The likely causes could not be loaded.').count()).toBe(1);
  });
});

describe('what is off is shown as not checked', () => {
  test('the page of a dataset says so, and asks for no documents', async () => {
    const page = await open('off', dataset(healthy.id));
    for (const check of CONTENT_CHECKS) {
      expect(await card(page, check).locator('.badge').first().textContent()).toBe(NOT_CHECKED);
      expect(await card(page, check).textContent()).not.toContain(CHECK_WORDS[check].ok);
    }
  });

  test('among the filters', async () => {
    const page = await open('off');
    expect(await page.locator('.side .unchecked').allTextContents()).toEqual([
      NOT_CHECKED,
      NOT_CHECKED,
      NOT_CHECKED,
    ]);
  });

  test.skipIf(recorded === null)('and so are old documents', async () => {
    const page = await open('recorded');
    expect(await page.locator('.side .unchecked').count()).toBe(OPTIONAL_CHECKS.length);
  });
});

describe('likely causes', () => {
  test('each has its evidence, and commands that are copied as they are', async () => {
    const row = pick(({ causes }) => causes?.includes('string-sorted-export') === true);
    const page = await open('commands', dataset(row.id), {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const { causes } = await document<Causes>(causesPath(row.id));
    const [first] = causes;
    const cause = page.locator('.cause').first();
    for (const fact of first?.evidence ?? []) expect(await cause.textContent()).toContain(fact);
    for (const [name, command] of [
      ['verify', `verify '${first?.cause}'`],
      ['fix', `mend '${first?.cause}'`],
    ] as const) {
      await cause.getByRole('button', { name: new RegExp(`Copy the command: ${name}`) }).click();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(command);
    }
    expect(await cause.textContent()).toContain("needs an operator's rights");
    expect(await cause.textContent()).not.toContain('never tested');
  });

  test('a command that was never tested says so beside it', async () => {
    const row = pick(({ causes }) => causes?.join() === 'still-private');
    const page = await open('commands', dataset(row.id));
    const cause = page.locator('.cause').first();
    expect(await cause.textContent()).toContain("needs an operator's rights, never tested");
  });

  test('the caution comes before the command that changes something, the cause whose command changes least first', async () => {
    const row = pick(
      ({ causes }) => (causes?.includes('still-private') && causes.length > 1) || false,
    );
    const page = await open('commands', dataset(row.id));
    await page.locator('.cause').first().waitFor();
    const shown = await page
      .locator('.cause .caution, .cause pre')
      .evaluateAll((all) => all.map((each) => each.textContent?.trim()));
    const causes = leastChangeFirst(row.causes);
    expect(causes.at(-1)).toBe('still-private');
    expect(shown).toEqual(
      causes.flatMap((cause) => [
        `verify '${cause}'`,
        CAUSE_WORDS[cause].caution,
        `mend '${cause}'`,
      ]),
    );
  });

  test('hostile evidence and commands are text', async () => {
    const page = await open('hostile', dataset(sample.hostile));
    const cause = page.locator('.cause').first();
    expect(await cause.locator('pre').first().textContent()).toBe(HOSTILE_COMMAND);
    expect(await cause.textContent()).toContain('<script>alert(2)</script>');
    expect(await cause.textContent()).toContain('\u27e8U+202E\u27e9');
    expect(await cause.locator('script, img').count()).toBe(0);
  });
});

const causesOn = (page: Page) =>
  page.getByRole('toolbar', { name: 'Likely cause' }).getByRole('button');

describe('likely causes on the main page', () => {
  const counted = (cause: string) =>
    rows.filter(({ causes }) => causes?.some((one) => one === cause)).length;

  test('name every cause with the number of its datasets, the largest first and what is not known last', async () => {
    const page = await open('sample');
    await causesOn(page).first().waitFor();
    const shown = await causesOn(page).evaluateAll((all) =>
      all.map((one) => Array.from(one.children, (part) => part.textContent).join(' ')),
    );
    const expected = Object.entries(CAUSE_WORDS)
      .map(([cause, { label }]) => ({ label, count: counted(cause) }))
      .filter(({ count }) => count > 0);
    expect(new Set(shown)).toEqual(
      new Set(expected.map(({ label, count }) => `${label} ${count}`)),
    );
    expect(shown.pop()).toMatch(/^No known cause \d+$/);
    const counts = shown.map((text) => Number(/(\d+)$/.exec(text)?.[1]));
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
  });

  test('filter the list; the address keeps the choice, and Back undoes it', async () => {
    const page = await open('sample');
    await page.getByRole('button', { name: CAUSE_WORDS['string-sorted-export'].label }).click();
    const wanted = rows.filter((row) => row.causes?.includes('string-sorted-export'));
    await expect.poll(async () => (await idsOn(page)).length).toBe(wanted.length);
    expect(new URL(page.url()).search).toBe('?cause=string-sorted-export');
    expect(new Set(await idsOn(page))).toEqual(new Set(wanted.map(({ id }) => id)));
    await page.goBack();
    await expect.poll(() => page.locator('.facet[aria-pressed="true"]').count()).toBe(0);
  });

  test('a row whose names are in step tells what is not', async () => {
    const row = found('s3Access', 'partly-private');
    const page = await open('sample', `?q=${row.id}`);
    expect(await page.locator('tbody .c-files').first().textContent()).toContain('partly private');
  });

  test('leftovers are listed by id when asked for', async () => {
    const page = await open('sample');
    const { leftovers } = await document<{ leftovers: { id: string }[] }>(LEFTOVERS_PATH);
    await page.locator('.whole > summary').click();
    await page.getByText('Which datasets').click();
    await expect
      .poll(() => page.locator('.leftovers .ids code').allTextContents())
      .toEqual(leftovers.map(({ id }) => id));
  });

  test('fit a narrow screen', async () => {
    for (const path of ['', dataset(shorter.id)]) {
      const page = await open('commands', path, { viewport: NARROW });
      if (path === '') await page.getByRole('button', { name: 'Filters' }).click();
      await page
        .locator(path === '' ? '.facet' : '.command')
        .first()
        .waitFor();
      const wide = await page.evaluate(
        () => globalThis.document.documentElement.scrollWidth - innerWidth,
      );
      expect(wide).toBeLessThanOrEqual(0);
    }
  });
});
