// H24: the history of a large archive: what publishing a run adds after ten years, and after a run that
// was cut off, and the import of a recorded history as large as OpenNeuro's.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openneuro } from '../../archives/openneuro/index.ts';
import { memoryOf } from '../../lib/functions.ts';
import { ROOT, temporaryFolder } from '../bin/cli.ts';
import { makeRepository } from '../support/recorded-repository.ts';
import { filesBelow } from '../support/tree.ts';
import type { HistoryStep } from './history-step.ts';
import { FULL, recordedHistory } from './recorded-history.ts';
import type { TornHistory } from './torn-history.ts';

const LONGEST = 900_000;

describe('a run over 100,000 datasets after ten years', () => {
  let step: HistoryStep;
  beforeAll(() => {
    const program = join(import.meta.dirname, 'history-step.ts');
    const args = ['--expose-gc', '--max-semi-space-size=16', program, '100000'];
    step = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  }, LONGEST);

  test('changes as many datasets as was measured', () => {
    expect(step.changed).toBeGreaterThan(150);
    expect(step.events).toBeGreaterThan(250);
  });

  test('the history takes 2 s of a processor, or twice that where others use it too', () => {
    expect(step.milliseconds).toBeLessThan(4000);
  });

  test('the history takes at most 150 MB', () => {
    expect(step.most - step.before).toBeLessThan(150);
  });

  test('the history makes four requests for each dataset that changed', () => {
    const ofAll = 25;
    expect(step.reads + step.writes).toBeLessThanOrEqual(4 * step.changed + ofAll);
  });
});

describe('a run over 100,000 datasets after ten years and one that was cut off', () => {
  let torn: TornHistory;
  beforeAll(() => {
    const program = join(import.meta.dirname, 'torn-history.ts');
    const args = ['--expose-gc', '--max-old-space-size=6000', program, '100000'];
    torn = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  }, LONGEST);

  test('makes everything again, at its worst all files of all datasets', () => {
    expect(torn.documents).toBeGreaterThan(4 * 100_000 + 3650);
  });

  test('ends within the time of `summarize`, and within half of its memory', () => {
    expect(torn.seconds).toBeLessThan(900);
    expect(torn.heldMegabytes).toBeLessThan((memoryOf(openneuro, 100_000).summarize as number) / 2);
  });

  test('reads the file of a run four times at most', () => {
    expect(torn.reads).toBeLessThan(4 * 3650 + 200);
  });
});

describe('a recorded history of 146 runs and 1,861 datasets', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    folder = await temporaryFolder();
    await makeRepository(join(folder.path, 'repository'), recordedHistory(FULL));
  }, LONGEST);
  afterAll(() => folder.remove());

  test(
    'is imported in two minutes, in 400 MB of heap',
    () => {
      const began = performance.now();
      const out = join(folder.path, 'out');
      const args = ['history', 'import', '--from-git', join(folder.path, 'repository'), '--json'];
      const options = ['--max-old-space-size=400', join(ROOT, 'bin/mirrorwatch.ts'), ...args];
      const said = execFileSync(process.execPath, [...options, '--out', out], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const { runs, datasets, events } = JSON.parse(said);
      expect([runs, datasets]).toEqual([FULL.runs, FULL.datasets]);
      expect(events.listed).toBeGreaterThan(190);
      expect(filesBelow(out).size).toBeGreaterThan(FULL.datasets);
      expect((performance.now() - began) / 1000).toBeLessThan(120);
    },
    LONGEST,
  );
});
