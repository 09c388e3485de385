// The simulation by hand: many seeds at once, or one that is told day by day (docs/simulation.md).

import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { shrink } from './shrink.ts';
import { type Failure, simulate } from './simulate.ts';
import { type Story, storyOf } from './story.ts';
import { headOf, linesOf } from './story-text.ts';

const HELP = `npm run simulate -- [options]

Runs the monitor over archives whose life a seed decides, and looks for what must never be.

  --seeds FROM-TO   these seeds, FROM to TO - 1; 0-100 by default
  --seed N          one seed, told day by day; when it fails, the shortest story that fails alike
  --story FILE      a story that was kept, told day by day
  --keep FILE       where to keep the shortest failing story, as JSON
  --days N          simulated days, the two clean ones at the end included; 30 by default
  --store NAME      folder or aws; by the seed by default: every third on AWS
  --no-shrink       do not look for the shortest story
  --help            this text

The last line counts: N passed, N failed. The exit code is 1 when any failed.`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '0-100' },
    seed: { type: 'string' },
    story: { type: 'string' },
    keep: { type: 'string' },
    days: { type: 'string', default: '30' },
    store: { type: 'string' },
    'no-shrink': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** @throws if it is not a whole number */
function wholeNumber(text: string, what: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${what} is no whole number: ${text}`);
  return Number(text);
}

function storeOf(name: string | undefined): Story['store'] | undefined {
  if (name === undefined || name === 'folder' || name === 'aws') return name;
  throw new Error(`--store is folder or aws, not ${name}`);
}

const say = (line: string): void => console.log(line);

async function runStory(story: Story): Promise<Failure | null> {
  say(headOf(story));
  const failure = await simulate(story, (step, ran) => linesOf(step, ran).forEach(say));
  // A seed that threw was not told.
  if (failure?.rule === 'thrown') linesOf(failure.step).forEach(say);
  say(failure ? `FAIL in run ${failure.step.id}: ${failure.message}` : 'Every invariant held.');
  return failure;
}

async function printShortest(story: Story, failure: Failure): Promise<void> {
  const shortest = await shrink(story, failure);
  say('\nThe shortest story that fails alike:\n');
  await runStory(shortest.story);
  if (values.keep !== undefined) {
    writeFileSync(values.keep, `${JSON.stringify(shortest.story, null, 2)}\n`);
    say(`Kept in ${values.keep}`);
  }
}

async function main(): Promise<number> {
  const days = wholeNumber(values.days, '--days');
  const store = storeOf(values.store);
  if (values.story !== undefined) {
    const story = JSON.parse(readFileSync(values.story, 'utf8')) as Story;
    return (await runStory(story)) === null ? 0 : 1;
  }
  if (values.seed !== undefined) {
    const story = storyOf(wholeNumber(values.seed, '--seed'), days, store);
    const failure = await runStory(story);
    if (failure !== null && !values['no-shrink']) await printShortest(story, failure);
    return failure === null ? 0 : 1;
  }

  const [from = '', to = ''] = values.seeds.split('-');
  const [first, end] = [wholeNumber(from, '--seeds'), wholeNumber(to, '--seeds')];
  const before = process.cpuUsage();
  let failed = 0;
  const ended = new Map<string, number>();
  const count = (what: string) => ended.set(what, (ended.get(what) ?? 0) + 1);
  for (let seed = first; seed < end; seed += 1) {
    const failure = await simulate(storyOf(seed, days, store), (_, { outcome, troubled }) => {
      count(outcome);
      if (troubled) count('of them with trouble');
    });
    if (failure === null) continue;
    failed += 1;
    say(`FAIL seed ${seed}, run ${failure.step.id}: ${failure.message}`);
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  say(`runs: ${Array.from(ended, ([what, runs]) => `${runs} ${what}`).join(', ')}`);
  say(`${end - first} seeds of ${days} days: ${seconds.toFixed(1)} s of CPU`);
  say(`${end - first - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

if (values.help) say(HELP);
else process.exitCode = await main();
