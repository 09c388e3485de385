// The commands and the help. It does no other work; the options are in program-options.ts.

import { Command, Option } from 'commander';
import { ARCHIVES } from '../../archives/index.ts';
import { folderOf } from '../../core/documents/paths.ts';
import { type Archive, FIRST_STAGE, isOfArchive, LAST_STAGE } from '../../core/monitor/archive.ts';
import {
  DEFAULT_LAST,
  type RerunOptions,
  type RestoreOptions,
  type StatusOptions,
} from '../aws/options.ts';
import type { BoardsActions } from '../boards/options.ts';
import { DEFAULT_HOST, DEFAULT_PORT, type ServeOptions } from '../serve/options.ts';
import { type ArchiveActions, addArchiveCommands } from './archive-commands.ts';
import { addBoardsCommands } from './boards-options.ts';
import { addExample, addExitCodes } from './help.ts';
import { addHistoryCommands, type HistoryActions } from './history-options.ts';
import {
  chosenFrom,
  completeOptions,
  type GivenOptions,
  namedIds,
  noIdsText,
  type PruneOptions,
  RUN_DEFAULTS,
  type RunOptions,
  refuseUnknown,
  refuseWithChanged,
} from './options.ts';
import {
  datasetsOption,
  deployedOptions,
  folderOption,
  stagesOption,
  strictOption,
} from './program-options.ts';
import { addReadingCommands, type ReadingActions } from './reading-commands.ts';
import { runOptions, WHAT } from './run-options.ts';
import { parseFile, parseFolder, parseText, parseWhole } from './values.ts';
import { VERSION } from './version.ts';

/** The commands' actions; each returns the exit code. */
export interface Actions extends ReadingActions, HistoryActions, BoardsActions, ArchiveActions {
  run(options: RunOptions): Promise<number>;
  validate(folder: string): Promise<number>;
  prune(options: PruneOptions): Promise<number>;
  serve(options: ServeOptions): Promise<number>;
  rerun(options: RerunOptions): Promise<number>;
  status(options: StatusOptions): Promise<number>;
  restore(options: RestoreOptions): Promise<number>;
}

type Deployed<T> = Omit<T, 'folder'> & { readonly archive?: string };

interface StageCommand {
  /** Completes the help. */
  readonly does: string;
  readonly isOfEntries: boolean;
}

/** Commands that run one stage, of all archives. */
function stageCommands(archives: readonly Archive[]): ReadonlyMap<string, StageCommand> {
  return new Map([
    [FIRST_STAGE, { does: 'read which datasets and snapshots exist', isOfEntries: false }],
    ...archives.flatMap((archive) =>
      archive.measurements.map(
        ({ id, does }) => [id, { does, isOfEntries: !isOfArchive(archive, id) }] as const,
      ),
    ),
    [
      LAST_STAGE,
      { does: 'make the summary of what was measured and publish it', isOfEntries: false },
    ],
  ]);
}

/** @param finish gets the exit code of the command */
export function createProgram(
  actions: Actions,
  finish: (code: number) => void,
  archives: readonly Archive[] = ARCHIVES,
): Command {
  const complete = (given: GivenOptions) => completeOptions(given, archives);
  const program = new Command('mirrorwatch')
    .description('Are all copies of every public dataset in step with the source?')
    .version(VERSION)
    // Commands inherit both: an error is thrown, and report.ts reports it once.
    .configureOutput({ outputError: () => {} })
    .exitOverride();

  const [one, other] = (archives[0] as Archive).words.examples;
  const run = program
    .command('run')
    .description('run all stages, or those given')
    .addOption(
      new Option(
        '--changed',
        'only what is new or changed, was not measured well, or may be fixed',
      ).helpGroup(WHAT),
    )
    .addOption(stagesOption(archives).helpGroup(WHAT));
  runOptions(run, archives, null, `run --datasets ${one},${other}`).action(
    async (given: GivenOptions) => {
      finish(await actions.run(complete(given)));
    },
  );

  for (const [stage, { does, isOfEntries }] of stageCommands(archives)) {
    const example = isOfEntries ? `${stage} --datasets ${one}` : stage;
    runOptions(program.command(stage).description(does), archives, stage, example).action(
      async (given: GivenOptions) => {
        finish(await actions.run(complete({ ...given, stages: [stage] })));
      },
    );
  }

  addReadingCommands(program, actions, finish, archives);

  const validate = program
    .command('validate')
    .description('check every document of a folder')
    .argument('<folder>', 'a folder with results, such as data/', parseFolder)
    .action(async (folder: string) => finish(await actions.validate(folder)));
  addExitCodes(
    validate,
    {
      0: 'every document is valid',
      1: 'one is not, or there are none (it says which)',
      2: 'not understood',
    },
    'validate data',
  );

  addExample(program.command('prune'), 'prune --dry-run')
    .description('remove the documents of withdrawn datasets, as each run that publishes does')
    .addOption(folderOption('folder with the results').default(RUN_DEFAULTS.out))
    .option('--dry-run', 'remove nothing, but say what would be removed', false)
    .action(async (options: PruneOptions) => finish(await actions.prune(options)));

  addExample(program.command('serve'), 'serve --port 8080')
    .description('serve the results and a page about them on this machine')
    .addOption(folderOption('folder with the results').default(RUN_DEFAULTS.out))
    .addOption(
      new Option('--port <number>', 'port; 0 takes a free one')
        .default(DEFAULT_PORT)
        .argParser(parseWhole(0, 65_535)),
    )
    .addOption(
      new Option(
        '--host <address>',
        'address to listen on; requests for another host name than this are refused (localhost aside)',
      ).default(DEFAULT_HOST),
    )
    .addOption(
      new Option('--boards <folder>', 'save boards there (docs/boards.md)').argParser(parseFolder),
    )
    .addOption(
      new Option(
        '--boards-maintenance <file>',
        'file with the token for maintaining boards; nobody may without it',
      ).argParser(parseFile),
    )
    .action(async (options: ServeOptions) => finish(await actions.serve(options)));

  deployedOptions(
    program.command('rerun').description('start a run of the monitor deployed on AWS'),
    archives,
    `rerun --datasets ${one} --wait`,
  )
    .addOption(datasetsOption(archives))
    .addOption(strictOption())
    .addOption(stagesOption(archives))
    .option('--unverified', 'only datasets whose newest measurement failed')
    .option('--changed', 'only what is new or changed, was not measured well, or may be fixed')
    .option('--force', 'measure everything again, also what has not changed')
    .option('--accept-shrink', 'accept a registry that lost many datasets')
    .option('--publish-anyway', 'publish although too much changed or could not be measured')
    .option('--wait', 'follow the run to its end; exit code 1 when it fails', false)
    .action(async (given: Deployed<RerunOptions>) => {
      const archive = chosenFrom(archives, given.archive);
      const { datasets, noIds } = namedIds(archive, given);
      refuseUnknown(archive, given);
      refuseWithChanged(archive, given);
      if (noIds.length > 0) process.stderr.write(`Left out: ${noIdsText(archive, noIds)}\n`);
      const named = datasets && { datasets };
      finish(await actions.rerun({ ...given, ...named, folder: folderOf(archive) }));
    });

  deployedOptions(
    program.command('status').description('show the last runs of the monitor deployed on AWS'),
    archives,
    'status --last 3',
  )
    .addOption(
      new Option('--last <n>', 'how many runs')
        .default(DEFAULT_LAST)
        .argParser(parseWhole(1, 1000)),
    )
    .action(async (given: Deployed<StatusOptions>) => {
      const folder = folderOf(chosenFrom(archives, given.archive));
      finish(await actions.status({ ...given, folder }));
    });

  deployedOptions(
    program
      .command('restore')
      .description('copy the records of a restored table into that of the monitor deployed on AWS'),
    archives,
    'restore --from Mirrorwatch-restored',
  )
    .addOption(
      new Option('--from <table>', 'table that DynamoDB restored from a point in time')
        .argParser(parseText)
        .makeOptionMandatory(),
    )
    .action(async (given: Deployed<RestoreOptions>) => {
      const folder = folderOf(chosenFrom(archives, given.archive));
      finish(await actions.restore({ ...given, folder }));
    });

  addHistoryCommands(program, actions, finish, archives);
  addArchiveCommands(program, actions, finish, archives);
  addBoardsCommands(program, actions, finish);
  return program;
}
