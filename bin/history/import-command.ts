// `mirrorwatch history import`: reads the whole repository first, and writes only then.

import { join } from 'node:path';
import { counted, number } from '../../core/documents/format.ts';
import { folderOf } from '../../core/documents/paths.ts';
import type { RunHistory } from '../../core/history/documents.ts';
import type { Event } from '../../core/history/events.ts';
import type { DailyChanges } from '../../core/history/import/daily.ts';
import type { Recorded } from '../../core/history/import/recorded.ts';
import { type RecordedHistory, readRecorded } from '../../core/history/import/runs.ts';
import { type ImportPlan, planImport, writeImport } from '../../core/history/import/write.ts';
import { dayOf } from '../../core/history/paths.ts';
import { OVERALL } from '../../core/history/verdict-text.ts';
import { Problem } from '../../core/problem.ts';
import { type Console, createConsole } from '../cli/console.ts';
import { plain, plainJson } from '../cli/format.ts';
import { INTERRUPTED, onInterrupt } from '../cli/interrupt.ts';
import { type ImportOptions, RUN_DEFAULTS } from '../cli/options.ts';
import { createProgress } from '../cli/progress.ts';
import { type FolderStore, openFolderStore } from '../folder-store.ts';
import { openRepository } from './repository.ts';

const READING = 'read the runs';

/**
 * @returns the exit code
 * @throws Problem if the repository cannot be read, or other runs are in the way
 */
export async function importCommand(options: ImportOptions): Promise<number> {
  const { out, definition, json } = options;
  const console = createConsole({
    stream: process.stderr,
    now: () => new Date(),
    json,
    verbose: false,
  });
  const interrupt = onInterrupt(() => console.say('Stopping. Ctrl-C again stops at once.'));
  try {
    const read = await readHistory(options, console, interrupt.signal);
    // Also if it came when all was read.
    const history = interrupt.signal.aborted ? null : read;
    if (history === null) {
      console.say(`Nothing was written to ${out}; run the same command again.`);
      return INTERRUPTED;
    }
    const store = await openFolderStore(join(out, folderOf(definition)), {
      archive: definition,
      lock: true,
    });
    try {
      return await write(options, console, store, history);
    } finally {
      await store.close();
    }
  } finally {
    interrupt.close();
  }
}

/** Null if it was interrupted. */
async function readHistory(
  { definition, fromGit, ref, until, asRecorded, json }: ImportOptions,
  console: Console,
  signal: AbortSignal,
): Promise<RecordedHistory | null> {
  const bars = process.stderr.isTTY && !json ? process.stderr : null;
  const progress = createProgress({ console, bars });
  let repository: Awaited<ReturnType<typeof openRepository>> | undefined;
  try {
    repository = await openRepository({ folder: fromGit, ref, signal });
    const history = await readRecorded({
      archive: definition,
      recorded: definition.recorded as Recorded,
      repository,
      ...{ until, asRecorded, signal },
      onStart: (commits) => progress.start(READING, commits),
      onRun: (commit) => progress.step(READING, commit, true),
      onSkipped: (commit, why) =>
        console.say(`Left out commit ${commit.slice(0, 12)}: ${why}.`, 'left out', { commit, why }),
    });
    progress.end(READING);
    if (history !== null) return history;
    const which = until === null ? '' : ` until ${until}`;
    throw new Problem(`${ref} of ${fromGit} has no run${which}; choose another branch with --ref`);
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    progress.close();
    repository?.close();
  }
}

async function write(
  { out, replace, json, definition }: ImportOptions,
  console: Console,
  store: FolderStore,
  history: RecordedHistory,
): Promise<number> {
  const context = {
    ...{ archive: definition, store, log: console.log },
    // What is begun is finished: it takes seconds.
    signal: new AbortController().signal,
    options: { concurrency: RUN_DEFAULTS.concurrency },
  };
  const plan = await planImport(context, history);
  if (plan.replaced.length > 0 && !plan.isBehind && !replace) {
    throw new Problem(inTheWay(plan, history, out));
  }
  const isDone = plan.isBehind && !replace;
  const written = isDone ? 0 : await writeImport(context, history, plan);
  const facts = factsOf(definition.checks, history);
  const outcome = { ...facts, following: plan.own, written };
  process.stdout.write(
    json ? `${plainJson(outcome)}\n` : `${textOf(facts, plan, isDone, written, out)}\n`,
  );
  return 0;
}

function inTheWay({ replaced }: ImportPlan, { runs }: RecordedHistory, out: string): string {
  const own = replaced.filter(({ origin }) => origin === undefined);
  const first = (own[0] ?? replaced[0]) as RunHistory;
  const what =
    own.length > 0
      ? `${counted(own.length, 'run')} published here, the first on ${dayOf(first.run)}`
      : `${counted(replaced.length, 'imported run')} not in this repository, or not the same, the first of ${first.run}`;
  const last = dayOf((runs.at(-1) as RunHistory).run);
  return `the history in ${out} reaches into the time until ${last}: ${what}; nothing was written. --until leaves later runs out, --replace replaces what is there, and another --out keeps both`;
}

/** Of the imported runs. */
interface Facts {
  readonly runs: number;
  readonly days: number;
  readonly first: string;
  readonly last: string;
  /** Runs of which only the numbers are kept. */
  readonly startUp: number;
  readonly datasets: number;
  /** By kind; of verdicts by check. */
  readonly events: Readonly<Record<string, number>>;
  /** From day to day, as others count. */
  readonly daily: DailyChanges;
}

function factsOf(checks: readonly { readonly id: string }[], history: RecordedHistory): Facts {
  const { runs, index, daily } = history;
  const all = runs.flatMap(({ events }) => events);
  const verdicts = [OVERALL, ...checks.map(({ id }) => id)];
  const nameOf = (event: Event) => (event.kind === 'verdict' ? event.check : event.kind);
  const names = [...verdicts, 'versions', 'arrived', 'counts', 'unverified', 'verified'];
  const order = [...names, 'listed', 'returned', 'withdrawn'];
  const found = Map.groupBy(all, nameOf);
  return {
    runs: runs.length,
    days: new Set(runs.map(({ run }) => dayOf(run))).size,
    first: index.firstRun,
    last: index.lastRun,
    startUp: index.startUp ?? 0,
    datasets: new Set(runs.flatMap(({ states }) => Object.keys(states.of))).size,
    events: Object.fromEntries(
      order.flatMap((name) => (found.has(name) ? [[name, found.get(name)?.length ?? 0]] : [])),
    ),
    daily,
  };
}

function textOf(
  { runs, days, first, last, startUp, datasets, events, daily }: Facts,
  { own }: ImportPlan,
  isDone: boolean,
  written: number,
  out: string,
): string {
  const verb = isDone || written === 0 ? 'There already' : 'Imported';
  return [
    `${verb}: ${counted(runs, 'run')} on ${counted(days, 'day')}, until ${dayOf(last)}, with ${counted(datasets, 'dataset')}`,
    ...(startUp > 0
      ? [
          `Of the first ${startUp}, a start-up, only the numbers are kept; verdicts begin on ${dayOf(first)}`,
        ]
      : []),
    ...(own > 0 ? [`${counted(own, 'run')} published here follow`] : []),
    ...(isDone
      ? ['A longer import is there; nothing was changed. --replace ends it here']
      : [`${counted(written, 'document')} written to ${out}`]),
    'Verdicts that changed, by check, and other changes:',
    ...linesOf(events),
    `From day to day, by the last run of each, ${counted(daily.days, 'pair')} of days, ${number(daily.quiet)} without a change of a check:`,
    ...linesOf(daily.changes),
  ]
    .map(plain)
    .join('\n');
}

const linesOf = (counts: Readonly<Record<string, number>>): string[] => {
  const all = Object.entries(counts);
  const sum = all.reduce((total, [, count]) => total + count, 0);
  return [...all, ['all', sum] as const].map(
    ([name, count]) => `  ${name.padEnd(14)}${number(count)}`,
  );
};
