// Who is told after a run on one machine.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { notifiersOf } from '../../bin/cli/notifiers.ts';
import { parseLabel, parseWebhook } from '../../bin/cli/values.ts';
import type { Message } from '../../core/history/messages.ts';
import { mirrorwatch, temporaryFolder } from './cli.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

test('a file gets a line for each message', async () => {
  const path = join(folder.path, 'told.jsonl');
  const [file, ...others] = notifiersOf({ notify: path }, {});
  expect(others).toEqual([]);
  const message = { id: 'toy/2026-08-08T06:00:00.000Z', text: 'two\nlines' } as Message;
  expect(await file?.send(message)).toBe('sent');
  await file?.send(message);
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([message, message]);
});

test('a file that cannot be written is an error that says so', async () => {
  const [file] = notifiersOf({ notify: join(folder.path, 'no', 'such', 'folder') }, {});
  await expect(file?.send({} as Message)).rejects.toThrow('ENOENT');
});

test('a webhook needs a secret, and its address is in no state', () => {
  const webhookUrl = 'https://hooks.example.org/in?key=hush';
  expect(() => notifiersOf({ webhookUrl }, {})).toThrow('Set MIRRORWATCH_WEBHOOK_SECRET too');
  const [webhook] = notifiersOf({ webhookUrl }, { MIRRORWATCH_WEBHOOK_SECRET: 'secret' });
  expect(webhook?.name).toBe('webhook');
  expect(webhook?.receiver).toMatch(/^[0-9a-f]{16}$/);
});

test.each(['http://hooks.example.org/', 'https://a@hooks.example.org/', 'hooks', ''])(
  '%j is no address of a webhook',
  (text) => {
    expect(() => parseWebhook(text)).toThrow('https address');
  },
);

test('a label is a few words', () => {
  expect(parseLabel('copies of it')).toBe('copies of it');
  for (const text of ['', ' ', 'x'.repeat(41), 'a\nb', '\u202ea']) {
    expect(() => parseLabel(text)).toThrow('1 to 40 characters');
  }
});

test('the command line refuses a webhook without a secret before it does anything', async () => {
  const out = join(folder.path, 'none');
  const url = 'https://hooks.example.org/';
  const { code, stderr } = await mirrorwatch(['run', '--out', out, '--webhook-url', url]);
  expect([code, stderr.trim().split('\n').length]).toEqual([2, 1]);
  expect(stderr).toContain('Set MIRRORWATCH_WEBHOOK_SECRET too');
});

test('a run writes feeds and badges that lead to the site, and validates', async () => {
  const out = join(folder.path, 'sample');
  const told = join(folder.path, 'none.jsonl');
  const args = ['--archive', 'sample', '--out', out, '--site-url', 'https://watch.example.org/'];
  const { code, stdout } = await mirrorwatch([
    ...['run', ...args, '--badge-label', 'mirrors', '--notify', told, '--validate'],
  ]);
  expect([code, stdout.includes('No feeds are written')]).toEqual([0, false]);
  const feed = await readFile(join(out, 'feeds/openneuro.atom'), 'utf8');
  expect(feed).toContain('href="https://watch.example.org/data/feeds/openneuro.atom"');
  expect(feed).toContain('<subtitle>');
  const badge = JSON.parse(await readFile(join(out, 'badges/openneuro.json'), 'utf8'));
  expect(badge.label).toBe('OpenNeuro mirrors');
  // Of a first run nothing is told.
  await expect(readFile(told)).rejects.toThrow('ENOENT');
});
