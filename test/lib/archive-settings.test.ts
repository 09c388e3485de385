// Settings of several archives: what is shared, what never is, and which key is of none.

import { describe, expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import { readAllSettings } from '../../lib/archive-settings.ts';
import { SettingError } from '../../lib/context.ts';
import { readSettings } from '../../lib/settings.ts';
import { toy as toyArchive } from '../contract/toy/index.ts';
import { prefixed } from './synthesize.ts';

const first = openneuro as Archive;
const toy = toyArchive as Archive;
const read = (choices: Readonly<Record<string, unknown>>) => {
  const context = { 'aws:cdk:x': 1, ...prefixed(choices) };
  const { settings, others } = readAllSettings(context, [first, toy]);
  return { first: settings, toy: others.get(toy) };
};

describe('the settings of two archives', () => {
  test('are those of each alone where nothing is set', () => {
    expect(read({})).toEqual({ first: readSettings({}, first), toy: readSettings({}, toy) });
  });

  test('have schedule and times in common, and never an address, a check, a size or a token', () => {
    const both = {
      ...{ schedule: 'rate(6 hours)', concurrency: '4', newDatasetDays: '3' },
      ...{ registryDays: '5', secondReadings: '2', contactUrl: 'https://example.org' },
    };
    const own = {
      archive: '{"mirrorUrl": "https://git.example.org"}',
      ...{ memory: '{"check-github": 1024}', checks: 's3Content', mirrorAbsent: 'no such' },
      githubTokenParameter: '/mirrorwatch/github',
    };
    const of = read({ ...both, ...own });
    expect(of.first).toEqual(readSettings(prefixed({ ...both, ...own }), first));
    expect(of.toy).toEqual(readSettings(prefixed(both), toy));
  });

  test('can each be set alone, by the id before the name', () => {
    const of = read({
      'toy.schedule': 'off',
      'toy.archive': '{"listUrl": "http://127.0.0.1:1/list.json"}',
      'toy.memory': { 'check-copies': 256 },
      'toy.githubTokenParameter': '/toys/token',
    });
    expect(of.first).toEqual(readSettings({}, first));
    expect(of.toy).toMatchObject({
      schedule: null,
      addresses: { list: 'http://127.0.0.1:1/list.json' },
      memory: { 'check-copies': 256 },
      githubTokenParameter: '/toys/token',
    });
  });

  test.each([
    ['toy.cdn', 'false', 'mirrorwatch:toy.cdn is no setting of an archive'],
    ['toy.shedule', 'off', 'mirrorwatch:toy.shedule is no setting of an archive'],
    ['toys.schedule', 'off', 'mirrorwatch:toys.schedule is no setting'],
    ['toy.memory', '{"check-github": 256}', 'memory'],
    ['toy.checks', 's3Content', 'checks'],
  ])('%s=%j is refused', (key, value, message) => {
    expect(() => read({ [key]: value })).toThrow(SettingError);
    expect(() => read({ [key]: value })).toThrow(message);
  });
});
