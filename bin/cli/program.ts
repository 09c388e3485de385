// The commands, their options and the help. It does no other work.

import { Command, Option } from 'commander';
import { ARCHIVES } from '../../archives/index.ts';
import { folderOf } from '../../core/documents/paths.ts';
import {
  type Archive,
  FIRST_STAGE,
  LAST_STAGE,
  optionalNames,
  stagesOf,
} from '../../core/monitor/archive.ts';
import { DEFAULT_STACK } from '../../lambdas/names.ts';
import {
  DEFAULT_LAST,
  type RerunOptions,
  type RestoreOptions,
  type StatusOptions,
} from '../aws/options.ts';
import { DEFAULT_HOST, DEFAULT_PORT, type ServeOptions } from '../serve/options.ts';
import {
  chosenFrom,
  completeOptions,
  type GivenOptions,
  type PruneOptions,
  RUN_DEFAULTS,
  type RunOptions,
  refuseUnknown,
  refuseWithChanged,
  SAMPLE,
} from './options.ts';
import {
  parseAddress,
  parseDuration,
  parseFolder,
  parseNames,
  parseText,
  parseWhole,
} from './values.ts';
import { VERSION } from './version.ts';

/** The commands' actions; each returns the exit code. */
export interface Actions {
  run(options: RunOptions): Promise<number>;
  validate(folder: string): Promise<number>;
  prune(options: PruneOptions): Promise<number>;
  serve(options: ServeOptions): Promise<number>;
  rerun(options: RerunOptions): Promise<number>;
  status(options: StatusOptions): Promise<number>;
  restore(options: RestoreOptions): Promise<number>;
}

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

  return program;
}

function stagesOption(archives: readonly Archive[]): Option {
  const stages = [...new Set(archives.flatMap(stagesOf))].join(', ');
  return new Option('--stages <names>', `stages to run, of ${stages}`).argParser(
    parseNames(`Give stages of ${stages}.`),
  );
}

function datasetsOption([first]: readonly Archive[]): Option {
  const { entry, examples } = (first as Archive).words;
  return new Option('--datasets <ids>', 'only these, separated by commas').argParser(
    parseNames(`Give ${entry} ids such as ${examples.join(',')}.`),
  );
}

function skipUnknownOption(): Option {
  return new Option(
    '--skip-unknown',
    'leave out those of --datasets that the registry does not have; without it nothing is done',
  );
}

/**
 * `Tokens in the environment are sent to their place and nowhere else, X_TOKEN to the registry, …`
 */
function tokensHelp(archives: readonly Archive[]): string {
  const tokens = archives.flatMap(({ places }) =>
    Object.entries(places).flatMap(([place, { token }]) =>
      token === undefined ? [] : [`${token} to the ${place}`],
    ),
  );
  return `Tokens in the environment are sent to their place and nowhere else, ${tokens.join(', ')}; public data needs none.`;
}

/**
 * Options for the places of all archives; if two archives share a place, the first describes it.
 */
function addressOptions(archives: readonly Archive[]): Option[] {
  const places = new Map(
    archives.toReversed().flatMap((archive) => Object.entries(archive.places)),
  );
  return [...places].map(([place, { what }]) =>
    new Option(`--${place}-url <url>`, `address of the ${what}`)
      .env(`MIRRORWATCH_${place.toUpperCase()}_URL`)
      .argParser(parseAddress),
  );
}

type Deployed<T> = Omit<T, 'folder'> & { readonly archive?: string };

const archiveOption = (archives: readonly Archive[], more: readonly string[] = []): Option =>
  new Option('--archive <name>', `the archive to look at (default: ${archives[0]?.id})`).choices([
    ...archives.map(({ id }) => id),
    ...more,
  ]);

function deployedOptions(command: Command, archives: readonly Archive[]): Command {
  return command
    .addOption(archiveOption(archives))
    .addOption(
      new Option('--stack <name>', 'name of the CloudFormation stack')
        .env('MIRRORWATCH_STACK')
        .default(DEFAULT_STACK),
    )
    .option('--json', 'the outcome as JSON on stdout', false);
}

function folderOption(description: string): Option {
  return new Option('--out <folder>', description).argParser(parseFolder);
}

function runOptions(command: Command, archives: readonly Archive[]): Command {
  const optional = [...new Set(archives.flatMap(optionalNames))].join(', ');
  for (const option of addressOptions(archives)) command.addOption(option);
  return command
    .addOption(archiveOption(archives, [SAMPLE]))
    .addOption(
      new Option(
        '--from <folder>',
        'replay a recorded export tree as the sample archive, instead of the generated one',
      )
        .argParser(parseFolder)
        .implies({ archive: SAMPLE }),
    )
    .addOption(
      new Option(
        '--mirror-absent <text>',
        'what the host of the mirrors says, with 401 or 404, of a repository that is not there',
      )
        .env('MIRRORWATCH_MIRROR_ABSENT')
        .argParser(parseText),
    )
    .addOption(
      new Option('--contact-url <url>', 'who runs this; named in the User-Agent')
        .env('MIRRORWATCH_CONTACT_URL')
        .argParser(parseAddress),
    )
    .addOption(
      folderOption(
        'folder for the results of all archives (default: data/; of the sample sample-data/, of a replay replay-data/)',
      ),
    )
    .addOption(datasetsOption(archives))
    .addOption(skipUnknownOption())
    .addOption(
      new Option('--max-datasets <n>', 'only the first n').argParser(parseWhole(1, 1_000_000)),
    )
    .option('--force', 'measure everything again, also what has not changed')
    .addOption(
      new Option(
        '--max-age <duration>',
        'do not compare files again within this time (90s, 15m, 6h, 7d; default: 0)',
      ).argParser(parseDuration),
    )
    .addOption(
      new Option(
        '--checks <names>',
        `only these of ${optional}; the other checks are always made`,
      ).argParser(parseNames(`Give checks of ${optional}.`)),
    )
    .addOption(
      new Option(
        '--new-dataset-days <n>',
        `days that the copies of a new dataset may take before they count as missing (default: ${RUN_DEFAULTS.newDatasetDays}); 0 for none`,
      ).argParser(parseWhole(0, 365)),
    )
    .addOption(
      new Option(
        '--second-readings <n>',
        `mirrors of the day's sample that a second reader of git reads as well (default: ${RUN_DEFAULTS.secondReadings}); 0 for none`,
      ).argParser(parseWhole(0, 1000)),
    )
    .addOption(
      new Option(
        '--registry-days <n>',
        `days for which the registry may be unreadable before the exit code is 1 (default: ${RUN_DEFAULTS.registryDays})`,
      )
        .env('MIRRORWATCH_REGISTRY_DAYS')
        .argParser(parseWhole(0, 365)),
    )
    .addOption(
      new Option('--page-size <n>', 'datasets per page of the registry (default: 100)').argParser(
        parseWhole(1, 1000),
      ),
    )
    .addOption(
      new Option(
        '--concurrency <n>',
        'datasets checked at once in each stage (default: 8)',
      ).argParser(parseWhole(1, 256)),
    )
    .option('--dry-run', 'write nothing, but say what would be written')
    .option('--accept-shrink', 'accept a registry that lost many datasets')
    .option('--publish-anyway', 'publish although too much changed or could not be measured')
    .option('--validate', 'check every document after the run')
    .option('--json', 'log lines as JSON on stderr, the outcome as JSON on stdout')
    .option('-v, --verbose', 'say more, and where in the code something broke')
    .addHelpText(
      'after',
      `\n${tokensHelp(archives)}\n\n` +
        'Exit codes: 0 published, whatever the verdicts say; 1 it could not run, or publishing was held (it says why); ' +
        '2 not understood, or a dataset is not in the registry; 130 interrupted.',
    );
}
