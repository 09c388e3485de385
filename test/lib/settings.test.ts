// Deployment settings: defaults, accepted values, and values refused with a message.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  DOI_URL,
  EXPORT_URL,
  MIRROR_URL,
  REGISTRY_URL,
} from '../../archives/openneuro/endpoints.ts';
import { SettingError } from '../../lib/context.ts';
import { readSettings, settingNames } from '../../lib/settings.ts';
import { prefixed, ROOT } from './synthesize.ts';

const read = (choices: Readonly<Record<string, unknown>>) => readSettings(prefixed(choices));
const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/abc';

const OPENNEURO = {
  registry: REGISTRY_URL,
  mirror: MIRROR_URL,
  export: EXPORT_URL,
  doi: DOI_URL,
};

describe('choices of a deployment', () => {
  test('a stack without any watches OpenNeuro daily, behind CloudFront', () => {
    expect(read({})).toMatchObject({
      name: 'Mirrorwatch',
      protect: true,
      schedule: 'cron(0 6 * * ? *)',
      cdn: true,
      addresses: OPENNEURO,
      retentionDays: 30,
      alarmEmail: null,
      githubTokenParameter: null,
      domain: null,
      tracing: false,
    });
  });

  test.each([
    ['name', 'Watch-test', { name: 'Watch-test' }],
    ['protect', 'false', { protect: false }],
    ['schedule', 'rate(6 hours)', { schedule: 'rate(6 hours)' }],
    ['schedule', 'off', { schedule: null }],
    ['cdn', 'false', { cdn: false }],
    ['cdn', false, { cdn: false }],
    ['concurrency', '12', { concurrency: 12 }],
    ['datasets', '50000', { watch: 'rate(1 hour)', sizedFor: 50_000, memory: { summarize: 1024 } }],
    ['datasets', 2000, { sizedFor: 50_000 }],
    [
      'datasets',
      50_001,
      {
        watch: null,
        sizedFor: 100_000,
        memory: { 'fetch-registry': 1024, plan: 1769, summarize: 1769 },
      },
    ],
    ['memory', '{"plan": 256}', { memory: { plan: 256, summarize: 1024 } }],
    ['memory', { plan: 256 }, { memory: { plan: 256 } }],
    ['alarmEmail', 'me@example.org', { alarmEmail: 'me@example.org' }],
    ['githubTokenParameter', '/a/b', { githubTokenParameter: '/a/b' }],
    ['contactUrl', 'https://example.org', { contactUrl: 'https://example.org' }],
    ['mirrorAbsent', 'realm="GitLab"', { mirrorAbsent: 'realm="GitLab"' }],
    ['newDatasetDays', '0', { newDatasetDays: 0 }],
    ['newDatasetDays', 14, { newDatasetDays: 14 }],
    ['secondReadings', '0', { secondReadings: 0 }],
    ['registryDays', '7', { registryDays: 7 }],
    ['checks', 's3Access,leftovers', { checks: 's3Access,leftovers' }],
    [
      'archive',
      '{"registryUrl": "http://127.0.0.1:8080/crn/graphql"}',
      { addresses: { ...OPENNEURO, registry: 'http://127.0.0.1:8080/crn/graphql' } },
    ],
    ['retentionDays', '90', { retentionDays: 90 }],
    ['dashboard', 'true', { dashboard: true }],
    ['monthlyBudget', '20', { monthlyBudget: 20 }],
    ['monthlyBudget', '0', { monthlyBudget: null }],
    ['tracing', 'true', { tracing: true }],
    ['siteUrl', 'https://watch.example.org/', { siteUrl: 'https://watch.example.org' }],
    ['badgeLabel', 'mirrors', { badgeLabel: 'mirrors' }],
    ['changesEmail', 'me@example.org', { changesEmail: 'me@example.org' }],
    ['notifyFrom', 'warning', { notifyFrom: 'warning' }],
    ['digest', 'weekly', { digest: 'weekly' }],
  ])('takes %s=%j', (key, value, expected) => {
    expect(read({ [key]: value })).toMatchObject(expected);
  });

  test.each([
    ['schedule', 'daily'],
    ['schedule', 'rate(1 hours)'],
    ['schedule', 'cron(0 6 * * *)'],
    ['schedule', 'cron(0 25 * * ? *)'],
    ['name', 'a--b'],
    ['name', '1st'],
    ['name', 'a'.repeat(33)],
    ['protect', 'yes'],
    ['cdn', 'no'],
    ['concurrency', '0'],
    ['concurrency', 'many'],
    ['concurrency', '33'],
    ['concurrency', '1.5'],
    ['memory', '{"plan": 64}'],
    ['memory', '{"plann": 256}'],
    ['memory', '{'],
    ['memory', '[256]'],
    ['datasets', '100001'],
    ['datasets', '0'],
    ['alarmEmail', 'me'],
    ['alarmEmail', ['me@example.org']],
    ['githubTokenParameter', 'github'],
    ['contactUrl', 'mailto:me@example.org'],
    ['contactUrl', 'https://me:secret@example.org'],
    ['mirrorAbsent', '   '],
    ['newDatasetDays', ''],
    ['newDatasetDays', '-1'],
    ['newDatasetDays', 'week'],
    ['newDatasetDays', '366'],
    ['secondReadings', '1001'],
    ['registryDays', 'x'],
    ['checks', 's3Acces'],
    ['archive', '{"registry": "https://example.org"}'],
    ['archive', '{"mirrorUrl": "file:///etc"}'],
    ['monthlyBudget', '-5'],
    ['monthlyBudget', '2.5'],
    ['retentionDays', '31'],
    ['domainName', 'watch.example.org'],
    ['siteUrl', 'watch.example.org'],
    ['badgeLabel', ''],
    ['badgeLabel', 'x'.repeat(41)],
    ['changesEmail', 'me'],
    ['webhookUrl', 'http://hooks.example.org'],
    ['webhookUrl', 'https://hooks.example.org'],
    ['webhookUrl', 'https://me:secret@hooks.example.org'],
    ['webhookSecretParameter', '/mirrorwatch/webhook'],
    ['webhookSecretParameter', 'webhook'],
    ['notifyFrom', 'ok'],
    ['digest', 'hourly'],
  ])('refuses %s=%j and says what it takes', (key, value) => {
    const attempt = () => read({ [key]: value });
    expect(attempt).toThrow(SettingError);
    expect(attempt).toThrow(`mirrorwatch:${key}`);
  });

  test.each([
    ['mirrorwatch:alarmMail', 'mirrorwatch:alarmEmail'],
    ['mirrorwatch:githubtoken', 'mirrorwatch:githubTokenParameter'],
    ['mirrorwatch:ALARMEMAIL', 'mirrorwatch:alarmEmail'],
    ['Mirrorwatch:alarmEmail', 'mirrorwatch:alarmEmail'],
    ['mirrorwatchAlarmEmail', 'mirrorwatch:alarmEmail'],
    ['alarmEmail', 'mirrorwatch:alarmEmail'],
  ])('the key %s is refused, and %s is named', (key, nearest) => {
    expect(() => readSettings({ [key]: 'me@example.org' })).toThrow(SettingError);
    expect(() => readSettings({ [key]: 'me@example.org' })).toThrow(nearest);
  });

  test("CDK's own keys are left alone", () => {
    const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));
    expect(readSettings({ ...context, 'aws:cdk:bundling-stacks': ['**'] })).toEqual(read({}));
  });

  test.each([
    ...['*.example.org', 'example', 'https://watch.example.org', 'watch.example.org.'],
    ...['-watch.example.org', 'wat_ch.example.org', `${'a'.repeat(64)}.org`],
  ])('%s is no host name', (domainName) => {
    expect(() => read({ domainName, certificateArn })).toThrow(/host name/);
  });

  test('a domain needs a certificate where CloudFront looks, and CloudFront', () => {
    const domainName = 'watch.example.org';
    expect(read({ domainName, certificateArn }).domain?.name).toBe(domainName);
    const elsewhere = certificateArn.replace('us-east-1', 'eu-central-1');
    expect(() => read({ domainName, certificateArn: elsewhere })).toThrow(/us-east-1/);
    expect(() => read({ domainName, certificateArn, cdn: 'false' })).toThrow(/cdn/);
  });

  test('a large archive has no hourly look, and one that is asked for is refused with the reason', () => {
    const datasets = 60_000;
    expect(read({ datasets, watch: 'off' }).watch).toBeNull();
    expect(() => read({ datasets, watch: 'rate(1 hour)' })).toThrow(
      /mirrorwatch:watch cannot be "rate\(1 hour\)": it must be off for 60000 datasets/,
    );
    // What is set by hand stands.
    expect(read({ datasets, memory: { summarize: 1024 } }).memory.summarize).toBe(1024);
  });

  test('every choice has its row in docs/deploy.md', () => {
    const text = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
    const rows = [...text.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, names]) =>
      [...(names ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(rows.sort()).toEqual([...settingNames()].sort());
  });
});
