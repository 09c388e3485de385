// `mirrorwatch run` and the single-stage commands: opens the folder and the archive, runs, and
// prints the outcome.

import { join } from 'node:path';
import { ARCHIVES } from '../../archives/index.ts';
import { catalogueOf } from '../../core/documents/catalogue.ts';
import { counted } from '../../core/documents/format.ts';
import { folderOf } from '../../core/documents/paths.ts';
import { archiveMessage } from '../../core/documents/provenance.ts';
import { foldingLog } from '../../core/fold-log.ts';
import { type Notifier, notify } from '../../core/history/notify.ts';
import { type Archive, askedBy, checkNames } from '../../core/monitor/archive.ts';
import type { StageContext } from '../../core/monitor/context.ts';
import { chooseRunStart, type RunResult, runPipeline } from '../../core/monitor/run.ts';
import type { Store } from '../../core/monitor/store.ts';
import { type FolderStore, openFolderStore } from '../folder-store.ts';
import { listArchives } from '../store/archives.ts';
import { type DryRunStore, dryRunStore } from '../store/dry-run.ts';
import { openArchive, type Tokens } from './archive.ts';
import { type Console, createConsole } from './console.ts';
import { plainJson } from './format.ts';
import { INTERRUPTED, onInterrupt } from './interrupt.ts';
import { noIdsText, RUN_DEFAULTS, type RunOptions } from './options.ts';
import { refuseOtherArchive } from './other-archive.ts';
import { gatherFacts, type OutcomeFacts, outcomeText } from './outcome.ts';
import { createProgress } from './progress.ts';
import { WRONG_USAGE } from './report.ts';
import { findFaults } from './validate-command.ts';

const EXIT_CODES: Readonly<Record<RunResult['outcome'], number>> = {
  published: 0,
  checked: 0,
  unchanged: 0,
  held: 1,
  failed: 1,
  refused: WRONG_USAGE,
  interrupted: INTERRUPTED,
};

/** For a published run, `why` is what a person must look at. */
export function exitCodeOf({ outcome, why }: Pick<RunResult, 'outcome' | 'why'>): number {
  return EXIT_CODES[outcome] || Number(why.length > 0);
}

/** Fields in which warnings differ; documents and records have them, and --verbose logs each. */
const FOLDED = ['dataset', 'detail', 'path', 'error', 'seconds'];

/**
 * @returns the exit code
 * @throws Problem when the run cannot begin or the folder can no longer be written
 */
export async function runCommand(
  options: RunOptions,
  tokens: Tokens,
  archives: readonly Archive[] = ARCHIVES,
  notifiers: readonly Notifier[] = [],
): Promise<number> {
  const { json, verbose } = options;
  const console = createConsole({ stream: process.stderr, now: () => new Date(), json, verbose });
  const interrupt = onInterrupt((text) => console.say(text));
  try {
    const store = await openStore(options, console);
    try {
      const facts = await runOver(store, { options, notifiers }, tokens, console, interrupt.signal);
      if (facts.outcome === 'published' && !options.dryRun) {
        await listArchives(options.out, archives);
      }
      process.stdout.write(
        json ? `${plainJson(facts)}\n` : `\n${outcomeText(facts, process.stdout)}`,
      );
      const code = exitCodeOf(facts);
      if (!options.validate || code === INTERRUPTED) return code;
      return Math.max(code, await validateAfter(options, console));
    } finally {
      await store.close();
    }
  } finally {
    interrupt.close();
  }
}

/** An archive's own folder among the results. */
const treeIn = (out: string, archive: Archive): string => join(out, folderOf(archive));

function openStore(
  { out, dryRun, definition }: RunOptions,
  console: Console,
): Promise<FolderStore> {
  return openFolderStore(treeIn(out, definition), {
    archive: definition,
    lock: !dryRun,
    onUnreadable: ({ message }) =>
      console.log('warn', 'unreadable record, measuring again', { error: message }),
  });
}

async function runOver(
  folder: Store,
  { options, notifiers }: { options: RunOptions; notifiers: readonly Notifier[] },
  tokens: Tokens,
  console: Console,
  signal: AbortSignal,
): Promise<OutcomeFacts> {
  const began = Date.now();
  const dry: DryRunStore | null = options.dryRun ? dryRunStore(folder, options.definition) : null;
  const store = dry ?? folder;
  const warnings = options.verbose
    ? { log: console.log, flush: () => {} }
    : foldingLog(console.log, { now: Date.now, apart: FOLDED });
  const archive = await openArchive(options, tokens, warnings.log);
  const progress = createProgress({
    console,
    bars: process.stderr.isTTY && !options.json ? process.stderr : null,
    waiting: () => archive.http.waiting(),
    askedBy: askedBy(options.definition),
  });
  try {
    const message = archiveMessage(archive.about);
    if (message) console.say(`${message.title}. ${message.why.join(' ')}`);
    if (options.noIds.length > 0) {
      console.say(`Left out: ${noIdsText(options.definition, options.noIds)}`);
    }
    await refuseOtherArchive(store, archive.identity, options);
    const request = {
      datasets: options.datasets,
      maxDatasets: options.maxDatasets,
      ...(options.strict && { strict: true as const }),
      ...(options.changed && { changed: true }),
      stages: [...options.stages],
      archive: archive.identity,
      ...(options.checks.length < checkNames(options.definition).length && {
        checks: [...options.checks],
      }),
      ...(options.newDatasetDays !== RUN_DEFAULTS.newDatasetDays && {
        newDatasetDays: options.newDatasetDays,
      }),
      ...(Object.keys(options.choices).length > 0 && { choices: { ...options.choices } }),
    };
    const { runStart, goesOn } = await chooseRunStart(store, request, new Date(), options.force);
    if (goesOn) console.say(`Going on with the run of ${runStart}, which was cut off.`);
    const context: StageContext = {
      ...archive.sources,
      archive: options.definition,
      about: archive.about,
      store,
      now: () => new Date(),
      runStart,
      log: warnings.log,
      progress,
      signal,
      options: {
        concurrency: options.concurrency,
        force: options.force,
        maxAge: options.maxAge,
        acceptShrink: options.acceptShrink,
        publishAnyway: options.publishAnyway,
        newDatasetDays: options.newDatasetDays,
        secondReadings: options.secondReadings,
        registryDays: options.registryDays,
        choices: options.choices,
        notifyFrom: options.notifyFrom,
        ...(options.siteUrl !== undefined && { siteUrl: options.siteUrl }),
        ...(options.badgeLabel !== undefined && { badgeLabel: options.badgeLabel }),
        checks: new Set(options.checks),
      },
    };
    const result = await runPipeline(context, request).catch((error: unknown): RunResult => {
      // A request that Ctrl-C cut off is not a failure; the run's record already says "running".
      if (!signal.aborted || error !== signal.reason) throw error;
      return { outcome: 'interrupted', why: [], reports: [], summary: null };
    });
    const untold =
      result.outcome === 'published' && dry === null
        ? await notify(context, notifiers, options.digest)
        : [];
    warnings.flush();
    progress.close();
    const told = { ...result, why: [...result.why, ...untold] };
    return gatherFacts(catalogueOf(options.definition), told, {
      runStart,
      out: options.out,
      durationSeconds: (Date.now() - began) / 1000,
      traffic: archive.http.traffic,
      dryRun: dry?.changes() ?? null,
    });
  } finally {
    warnings.flush();
    progress.close();
    await archive.close();
  }
}

async function validateAfter(
  { out, dryRun, definition }: RunOptions,
  console: Console,
): Promise<number> {
  if (dryRun) {
    console.say('A dry run writes nothing, so there is nothing to validate.');
    return 0;
  }
  const tree = treeIn(out, definition);
  const { found, documents } = await findFaults(tree, (line) => console.line(line), [definition]);
  console.say(
    `Validation: ${counted(found, 'finding')} in ${counted(documents, 'document')} of ${tree}`,
  );
  return found > 0 ? 1 : 0;
}
