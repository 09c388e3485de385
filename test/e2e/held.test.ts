// A run whose publishing was held, and a registry that cannot be read: the pages show what is
// published, and name the source of everything else (docs/checks.md#registry and #unverified).

import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Github } from '../../archives/openneuro/documents.ts';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import { generateArchive } from '../../archives/openneuro/sample/generate.ts';
import { startSampleArchive } from '../../archives/openneuro/sample/server.ts';
import type { Check } from '../../archives/openneuro/vocabulary.ts';
import { CONTENT_CHECKS } from '../../archives/openneuro/vocabulary.ts';
import type { RunStatus } from '../../core/documents/documents.ts';
import { STATUS_PATH, SUMMARY_PATH } from '../../core/documents/paths.ts';
import { STATUS_WORDS } from '../../core/documents/words.ts';
import { checkPath } from '../support/documents.ts';
import { type MemoryStore, memoryStore } from '../support/memory-store.ts';
import { runSample } from '../support/sample-run.ts';
import { CHECK_WORDS, ISSUE_WORDS } from '../support/words.ts';
import type { World } from './support/server.ts';
import { openStage } from './support/stage.ts';

/** After a good day the host of the mirrors knows no repository; then there is no registry. */
async function build() {
  const server = await startSampleArchive({ archive: generateArchive({ datasets: 40, seed: 1 }) });
  const empty = createServer((question, answer) => {
    question.resume();
    answer.writeHead(404, { 'content-type': 'text/plain' }).end('Not Found');
  });
  await new Promise<void>((resolve) => empty.listen(0, '127.0.0.1', resolve));
  const mirrorUrl = `http://127.0.0.1:${(empty.address() as AddressInfo).port}`;
  const store = memoryStore();
  const options = { checks: new Set<string>(CONTENT_CHECKS) };
  try {
    const first = await runSample(server, { store, day: 0, options });
    expect(first.outcome).toBe('published');
    const { datasets } = store.document<Summary>(SUMMARY_PATH);
    const held = await runSample({ ...server, mirrorUrl }, { store, day: 1, options });
    expect(held.outcome).toBe('held');
    const heldWorld = worldOf(store);
    const heldStatus = store.document<RunStatus>(STATUS_PATH);
    server.setFaults([{ kind: 'registry', fault: '503', rate: 1 }]);
    const late = await runSample(server, { store, day: 2, options });
    expect(late).toMatchObject({ outcome: 'published', why: [] });
    return { heldWorld, heldStatus, late: worldOf(store), datasets };
  } finally {
    await server.close();
    empty.close();
  }
}

function worldOf(store: MemoryStore): World {
  const all = new Map([...store.documents, ...store.pages]);
  return (path) => all.get(path);
}

const { heldWorld, heldStatus, late, datasets } = await build();
const { open } = await openStage({ held: heldWorld, late });
const healthy = datasets.find(({ status }) => status === 'ok')?.id as string;
const now = '2026-08-02T09:00:00.000Z';
const card = (page: Page, check: Check) =>
  page.getByRole('article', { name: CHECK_WORDS[check].name });

describe.each(['light', 'dark'] as const)('a run that was held, %s', (colorScheme) => {
  test('is told by each document that says otherwise, under the published verdict', async () => {
    const github = JSON.parse((await heldWorld(checkPath('github', healthy))) as string) as Github;
    expect(github.subtype).toBe('repo-not-found');
    // There is nothing left to compare with.
    const expected = ['404'];
    const page = await open('held', `dataset.html?id=${healthy}`, { colorScheme, now, expected });
    expect(await page.locator('h1 .badge').textContent()).toBe(STATUS_WORDS.ok);
    const date = heldStatus.lastRun.finishedAt.slice(0, 10);
    const origin = `a run that was held back on ${date}`;
    expect(await page.locator('.heading .remark').textContent()).toContain(origin);
    const mirror = card(page, 'github');
    expect(await mirror.locator('.badge').first().textContent()).toBe(STATUS_WORDS.ok);
    const remark = await mirror.locator('.unpublished').textContent();
    expect(remark).toContain(`From ${origin}`);
    expect(remark).toContain(STATUS_WORDS.error);
    expect(await mirror.textContent()).toContain(ISSUE_WORDS['github:repo-not-found'].says);
    // A value that equals the published one needs no remark.
    expect(await card(page, 's3Version').locator('.unpublished').count()).toBe(0);
    const folder = process.env.MIRRORWATCH_PICTURES;
    if (folder) {
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `held-${colorScheme}.png`), fullPage: true });
    }
  });

  test('marks causes that are not published', async () => {
    const before = datasets.filter(({ causes }) => (causes ?? []).length > 0);
    let marked = 0;
    for (const { id, causes } of before) {
      const text = await heldWorld(`datasets/${id}/causes.json`);
      const found: string[] = (text === undefined ? [] : JSON.parse(text).causes).map(
        ({ cause }: { cause: string }) => cause,
      );
      const same = new Set(found).symmetricDifference(new Set<string>(causes)).size === 0;
      const page = await open('held', `dataset.html?id=${id}`, {
        colorScheme,
        now,
        expected: ['404'],
      });
      const marks = await page.locator('.likely > .unpublished').count();
      expect(marks, id).toBe(found.length > 0 && !same ? 1 : 0);
      marked += marks;
    }
    expect(before.length).toBeGreaterThan(0);
    expect(marked).toBeGreaterThan(0);
  });

  test('the list says so too, and the page without scripts', async () => {
    for (const path of ['', 'data/summary.html']) {
      const page = await open('held', path, { colorScheme, now });
      const text = await page.locator('.banner').last().textContent();
      expect(text).toContain('Publishing was held at');
      expect(text).toContain('Pages of datasets may show what that run measured');
    }
  });
});

test("an unreadable registry is shown on the list, on a dataset's page and on the page without scripts", async () => {
  const { registry } = JSON.parse((await late(STATUS_PATH)) as string) as RunStatus;
  const read = registry?.readAt.slice(0, 10);
  expect(read).toBe('2026-08-02');
  for (const path of ['', 'data/summary.html']) {
    const page = await open('late', path, { now: '2026-08-03T09:00:00.000Z' });
    expect(await page.locator('.banner').last().textContent()).toContain(
      `The registry could not be read since ${read}`,
    );
  }
  const page = await open('late', `dataset.html?id=${healthy}`, { now });
  expect(await page.locator('.banner').last().textContent()).toContain(
    `The registry could not be read since ${read}`,
  );
  expect(await page.locator('.unpublished').count()).toBe(0);
});
