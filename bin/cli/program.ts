// The commands and their options: what may be written, what it means, what stands when nothing is
// written. No work is done here.

import { Command, Option } from 'commander';
import { CONTENT_CHECKS } from '../../archives/openneuro/vocabulary.ts';
import { STAGES, type Stage } from '../../core/monitor/context.ts';
import {
  DEFAULT_LAST,
  DEFAULT_STACK,
  type RerunOptions,
  type StatusOptions,
} from '../aws/options.ts';
import { DEFAULT_HOST, DEFAULT_PORT, type ServeOptions } from '../serve/options.ts';
import { ARCHIVES, completeOptions, RUN_DEFAULTS, type RunOptions } from './options.ts';
import {
  parseAddress,
  parseChecks,
  parseDatasets,
  parseDuration,
  parseFolder,
  parseStages,
  parseText,
  parseWhole,
} from './values.ts';
import { VERSION } from './version.ts';

/** What the commands do; each returns the exit code. */
export interface Actions {
  run(options: RunOptions): Promise<number>;
  validate(folder: string): Promise<number>;
  serve(options: ServeOptions): Promise<number>;
  rerun(options: RerunOptions): Promise<number>;
  status(options: StatusOptions): Promise<number>;
}

const STAGE_COMMANDS: readonly (readonly [stage: Stage, description: string])[] = [
  ['fetch-registry', 'read which datasets and snapshots exist'],
  ['check-github', 'compare the mirrors with the registry'],
  ['check-s3-version', 'read which version each export holds'],
  ['check-s3-files', 'compare the files of each export with those of its git tag'],
  ['summarize', 'make the summary of what was measured and publish it'],
];

/** @param finish is told the exit code of the command that was run */
export function createProgram(actions: Actions, finish: (code: number) => void): Command {
  const program = new Command('mirrorwatch')
    .description('Are all copies of every public dataset in step with the source?')
    .version(VERSION)
    // Commands inherit both: an error is thrown, and told once, by report.ts.
    .configureOutput({ outputError: () => {} })
    .exitOverride();

  const run = runOptions(program.command('run').description('run all stages, or those given'));
  run.addOption(stagesOption()).action(async (given: Partial<RunOptions>) => {
    finish(await actions.run(completeOptions(given)));
  });

  for (const [stage, description] of STAGE_COMMANDS) {
    runOptions(program.command(stage).description(description)).action(
      async (given: Partial<RunOptions>) => {
        finish(await actions.run({ ...completeOptions(given), stages: [stage] }));
      },
    );
  }

  program
    .command('validate')
    .description('check every document of a folder; exit code 1 when one is not valid')
    .argument('<folder>', 'a folder with results, such as data/', parseFolder)
    .action(async (folder: string) => finish(await actions.validate(folder)));

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
        'address to listen on; whoever calls it by another name is refused (localhost aside)',
      ).default(DEFAULT_HOST),
    )
    .action(async (options: ServeOptions) => finish(await actions.serve(options)));

  deployedOptions(
    program.command('rerun').description('start a run of the monitor deployed on AWS'),
  )
    .addOption(
      new Option('--datasets <ids>', 'only these, separated by commas').argParser(parseDatasets),
    )
    .addOption(stagesOption())
    .option('--unverified', 'only datasets whose newest measurement failed')
    .option('--force', 'measure everything again, also what has not changed')
    .option('--accept-shrink', 'accept a registry that lost many datasets')
    .option('--publish-anyway', 'publish although too much changed or could not be measured')
    .option('--wait', 'follow the run to its end; exit code 1 when it fails', false)
    .action(async (options: RerunOptions) => finish(await actions.rerun(options)));

  deployedOptions(
    program.command('status').description('show the last runs of the monitor deployed on AWS'),
  )
    .addOption(
      new Option('--last <n>', 'how many runs')
        .default(DEFAULT_LAST)
        .argParser(parseWhole(1, 1000)),
    )
    .action(async (options: StatusOptions) => finish(await actions.status(options)));

  return program;
}

function stagesOption(): Option {
  return new Option('--stages <names>', `stages to run, of ${STAGES.join(', ')}`).argParser(
    parseStages,
  );
}

function deployedOptions(command: Command): Command {
  return command
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

function runOptions(command: Command): Command {
  const address = (place: string, what: string) =>
    new Option(`--${place}-url <url>`, `address of the ${what}`)
      .env(`MIRRORWATCH_${place.toUpperCase()}_URL`)
      .argParser(parseAddress);
  return command
    .addOption(
      new Option('--archive <name>', 'the archive to look at (default: openneuro)').choices(
        ARCHIVES,
      ),
    )
    .addOption(
      new Option(
        '--from <folder>',
        'replay a recorded export tree as the sample archive, instead of the generated one',
      )
        .argParser(parseFolder)
        .implies({ archive: 'sample' }),
    )
    .addOption(address('registry', "registry's GraphQL API"))
    .addOption(address('mirror', 'mirrors, to which /{id}.git is added'))
    .addOption(
      new Option(
        '--mirror-absent <text>',
        'what the host of the mirrors says, with 401 or 404, of a repository that is not there',
      )
        .env('MIRRORWATCH_MIRROR_ABSENT')
        .argParser(parseText),
    )
    .addOption(address('export', 'export bucket, path style'))
    .addOption(
      new Option('--contact-url <url>', 'who runs this; named in the User-Agent')
        .env('MIRRORWATCH_CONTACT_URL')
        .argParser(parseAddress),
    )
    .addOption(
      folderOption(
        'folder for the results (default: data/; of the sample sample-data/, of a replay replay-data/)',
      ),
    )
    .addOption(
      new Option('--datasets <ids>', 'only these, separated by commas').argParser(parseDatasets),
    )
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
        `only these of ${[...CONTENT_CHECKS, 'leftovers'].join(', ')}; the other checks are always made`,
      ).argParser(parseChecks),
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
      '\nOPENNEURO_TOKEN in the environment is sent to the registry, MIRRORWATCH_MIRROR_TOKEN to the ' +
        'host of the mirrors, each nowhere else; public data needs neither.\n\n' +
        'Exit codes: 0 published, whatever the verdicts say; 1 it could not run, or publishing was held (it says why); ' +
        '2 not understood; 130 interrupted.',
    );
}
