// The commands that only read published results, `changes` and `show`, and their options.

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Archive } from '../../core/monitor/archive.ts';
import { addExitCodes } from './help.ts';
import { RUN_DEFAULTS } from './options.ts';
import { archiveOption, folderOption } from './program-options.ts';

export interface ResultsOptions {
  /** Folder with the results of all archives, or of one. */
  readonly out: string;
  /** Id of the archive; without it the one whose results are at the top of the folder. */
  readonly archive?: string;
}

const CHANGES_FORMATS = ['text', 'json', 'csv', 'issue'] as const;
export interface ChangesOptions extends ResultsOptions {
  /** `yesterday`, `run` or a day; undefined: yesterday, and for an issue everything. */
  readonly since?: string;
  readonly format: (typeof CHANGES_FORMATS)[number];
  readonly failOn?: 'new-fault';
}

const SHOW_FORMATS = ['text', 'json'] as const;
/** `ok` and `pending` are no failure. */
const FAILING = ['error', 'version-mismatch', 'warning'] as const;
export interface ShowOptions extends ResultsOptions {
  readonly format: (typeof SHOW_FORMATS)[number];
  /** This status, or a worse one. */
  readonly failOn?: (typeof FAILING)[number];
}

export interface ReadingActions {
  changes(options: ChangesOptions): Promise<number>;
  show(id: string, options: ShowOptions): Promise<number>;
}

export function addReadingCommands(
  program: Command,
  actions: ReadingActions,
  finish: (code: number) => void,
  archives: readonly Archive[],
): void {
  resultsOptions(
    program.command('changes').description('say what changed since yesterday, a day, or a run'),
    archives,
    { 3: 'there is a new fault, and --fail-on asks for that' },
    'changes --since 2026-08-01',
  )
    .addOption(
      new Option(
        '--since <when>',
        'a day (2026-08-08); yesterday, the last run 20 hours or more before the newest; or run, the run before it (default: yesterday; of an issue everything that stands)',
      ).argParser(parseSince),
    )
    .addOption(
      new Option(
        '--format <name>',
        'text, json, csv, or issue: a task list in Markdown, by cause, with the commands that fix it',
      )
        .choices(CHANGES_FORMATS)
        .default('text'),
    )
    .addOption(
      new Option('--fail-on <what>', 'exit with 3 if there is a new fault').choices(['new-fault']),
    )
    .action(async (options: ChangesOptions) => finish(await actions.changes(options)));

  const { entry, examples } = (archives[0] as Archive).words;
  resultsOptions(
    program
      .command('show')
      .description(`show what is wrong with one ${entry}, since when, and what to do`)
      .argument('<id>', `its id, such as ${examples[0]}`),
    archives,
    { 3: 'its status is that of --fail-on, or worse' },
    `show ${examples[0]}`,
  )
    .addOption(new Option('--format <name>', 'text or json').choices(SHOW_FORMATS).default('text'))
    .addOption(
      new Option('--fail-on <status>', 'exit with 3 if its status is this or a worse one').choices(
        FAILING,
      ),
    )
    .action(async (id: string, options: ShowOptions) => finish(await actions.show(id, options)));
}

function resultsOptions(
  command: Command,
  archives: readonly Archive[],
  codes: Readonly<Record<number, string>>,
  example: string,
): Command {
  const shown = {
    0: 'it is shown',
    1: 'there are no results that can be read',
    2: 'not understood, or there is no such dataset',
  };
  return addExitCodes(command, { ...shown, ...codes }, example)
    .addOption(folderOption('folder with the results').default(RUN_DEFAULTS.out))
    .addOption(archiveOption(archives));
}

function parseSince(text: string): string {
  if (text === 'yesterday' || text === 'run') return text;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  if (day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)) {
    return text;
  }
  throw new InvalidArgumentError('Give a day such as 2026-08-08, or yesterday, or run.');
}
