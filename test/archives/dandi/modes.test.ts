// Modes of the DANDI archive: on the command line, in the settings of a deployment, and in the
// input of an execution.

import { describe, expect, test } from 'vitest';
import { dandi as dandiArchive } from '../../../archives/dandi/index.ts';
import { isForced, modeOf, zarrModeOf } from '../../../archives/dandi/modes.ts';
import { openneuro } from '../../../archives/openneuro/index.ts';
import { main } from '../../../bin/cli/main.ts';
import { completeOptions, type GivenOptions } from '../../../bin/cli/options.ts';
import type { Archive } from '../../../core/monitor/archive.ts';
import type { StageOptions } from '../../../core/monitor/stage.ts';
import { readAllSettings } from '../../../lib/archive-settings.ts';

const dandi = dandiArchive as Archive;
const ARCHIVES: readonly Archive[] = [openneuro as Archive, dandi];
const complete = (given: object) => completeOptions(given as GivenOptions, ARCHIVES);

const chosen = (choices: Record<string, string>, force = false) => ({
  options: { force, choices } as unknown as StageOptions,
});

describe('the command line', () => {
  test('takes the modes of the archive', () => {
    const given = { archive: 'dandi', mode: 'verify', zarrMode: 'asset-checksum' };
    expect(complete(given).choices).toEqual({ mode: 'verify', 'zarr-mode': 'asset-checksum' });
    expect(complete({ archive: 'dandi' }).choices).toEqual({});
  });

  test('refuses them with another archive', () => {
    expect(() => complete({ archive: 'openneuro', mode: 'verify' })).toThrow(
      '--mode is no option of the archive openneuro.',
    );
  });

  test('refuses a mode that there is not', async () => {
    const args = ['run', '--archive', 'dandi', '--zarr-mode', 'never'];
    expect(await main(args, {}, ARCHIVES)).toBe(2);
  });
});

test.each([
  [{}, false, ['timestamp', 'checksum', false]],
  [{ mode: 'verify' }, false, ['verify', 'checksum', false]],
  [{ mode: 'force' }, false, ['force', 'force', true]],
  [{ 'zarr-mode': 'timestamp' }, false, ['timestamp', 'timestamp', false]],
  [{ mode: 'verify' }, true, ['force', 'force', true]],
] as const)('%j with force %j means %j', (choices, force, means) => {
  const context = chosen(choices, force);
  expect([modeOf(context), zarrModeOf(context), isForced(context)]).toEqual(means);
});

describe('a deployment', () => {
  test('has the modes among its settings, for this archive alone', () => {
    const key = 'mirrorwatch:dandi.choices';
    const { settings, others } = readAllSettings({ [key]: '{"mode": "verify"}' }, ARCHIVES);
    expect(others.get(dandi)?.choices).toEqual({ mode: 'verify' });
    expect(settings.choices).toEqual({});
    expect(() => readAllSettings({ [key]: '{"mode": "all"}' }, ARCHIVES)).toThrow('mode');
    expect(() =>
      readAllSettings({ 'mirrorwatch:choices': '{"mode": "verify"}' }, ARCHIVES),
    ).toThrow('no options of its own');
  });
});
