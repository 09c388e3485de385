// The commands and the help. It does no other work; the options are in program-options.ts.

import { Command, Option } from 'commander';
import { ARCHIVES } from '../../archives/index.ts';
import { folderOf } from '../../core/documents/paths.ts';
import { type Archive, FIRST_STAGE, LAST_STAGE } from '../../core/monitor/archive.ts';
import {
  DEFAULT_LAST,
  type RerunOptions,
  type RestoreOptions,
  type StatusOptions,
} from '../aws/options.ts';
import { DEFAULT_HOST, DEFAULT_PORT, type ServeOptions } from '../serve/options.ts';
import { addHistoryCommands, type HistoryActions } from './history-options.ts';
import {
  chosenFrom,
  completeOptions,
  type GivenOptions,
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
  runOptions,
  skipUnknownOption,
  stagesOption,
} from './program-options.ts';
import { addReadingCommands, type ReadingActions } from './reading-commands.ts';
import { parseFolder, parseText, parseWhole } from './values.ts';
import { VERSION } from './version.ts';

/** The commands' actions; each returns the exit code. */
export interface Actions extends ReadingActions, HistoryActions {
  run(options: RunOptions): Promise<number>;
  validate(folder: string): Promise<number>;
  prune(options: PruneOptions): Promise<number>;
  serve(options: ServeOptions): Promise<number>;
  rerun(options: RerunOptions): Promise<number>;
  status(options: StatusOptions): Promise<number>;
  restore(options: RestoreOptions): Promise<number>;
}

type Deployed<T> = Omit<T, 'folder'> & { readonly archive?: string };

/** Commands that run one stage, of all archives. */
function stageCommands(archives: readonly Archive[]): ReadonlyMap<string, string> {
  return new Map([
    [FIRST_STAGE, 'read which datasets and snapshots exist'],
    ...archives.flatMap(({ measurements }) =>
      measurements.map(({ id, does }) => [id, does] as const),
    ),
    [LAST_STAGE, 'make the summary of what was measured and publish it'],
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

  const run = runOptions(
    program.command('run').description('run all stages, or those given'),
    archives,
  );
  run
    .option('--changed', 'only what is new or changed, was not measured well, or may be fixed')
    .addOption(stagesOption(archives))
    .action(async (given: GivenOptions) => {
      finish(await actions.run(complete(given)));
    });

  for (const [stage, description] of stageCommands(archives)) {
    runOptions(program.command(stage).description(description), archives).action(
      async (given: GivenOptions) => {
        finish(await actions.run(complete({ ...given, stages: [stage] })));
      },
    );
  }

  addReadingCommands(program, actions, finish, archives);

  program
    .command('validate')
    .description('check every document of a folder; exit code 1 when one is not valid')
    .argument('<folder>', 'a folder with results, such as data/', parseFolder)
    .action(async (folder: string) => finish(await actions.validate(folder)));

  program
    .command('prune')
    .description('remove the documents of withdrawn datasets, as each run that publishes does')
    .addOption(folderOption('folder with the results').default(RUN_DEFAULTS.out))
    .option('--dry-run', 'remove nothing, but say what would be removed', false)
    .action(async (options: PruneOptions) => finish(await actions.prune(options)));

  program
    .command('serve')
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
    .action(async (options: ServeOptions) => finish(await actions.serve(options)));

  deployedOptions(
    program.command('rerun').description('start a run of the monitor deployed on AWS'),
    archives,
  )
    .addOption(datasetsOption(archives))
    .addOption(skipUnknownOption())
    .addOption(stagesOption(archives))
    .option('--unverified', 'only datasets whose newest measurement failed')
    .option('--changed', 'only what is new or changed, was not measured well, or may be fixed')
    .option('--force', 'measure everything again, also what has not changed')
    .option('--accept-shrink', 'accept a registry that lost many datasets')
    .option('--publish-anyway', 'publish although too much changed or could not be measured')
    .option('--wait', 'follow the run to its end; exit code 1 when it fails', false)
    .action(async (given: Deployed<RerunOptions>) => {
      const archive = chosenFrom(archives, given.archive);
      refuseUnknown(archive, given);
      refuseWithChanged(archive, given);
      finish(await actions.rerun({ ...given, folder: folderOf(archive) }));
    });

  deployedOptions(
    program.command('status').description('show the last runs of the monitor deployed on AWS'),
    archives,
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
  return program;
}
