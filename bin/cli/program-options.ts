// The options of the commands, as the help shows them.

import { type Command, Option } from 'commander';
import { DEFAULT_LABEL, DIGESTS, NOTIFY_FROM } from '../../core/history/settings.ts';
import { type Archive, optionalNames, stagesOf } from '../../core/monitor/archive.ts';
import { DEFAULT_STACK } from '../../lambdas/names.ts';
import { RUN_DEFAULTS, SAMPLE, SECRET_VARIABLE } from './options.ts';
import {
  parseAddress,
  parseDuration,
  parseFile,
  parseFolder,
  parseLabel,
  parseNames,
  parseText,
  parseWebhook,
  parseWhole,
} from './values.ts';

export function stagesOption(archives: readonly Archive[]): Option {
  const stages = [...new Set(archives.flatMap(stagesOf))].join(', ');
  return new Option('--stages <names>', `stages to run, of ${stages}`).argParser(
    parseNames(`Give stages of ${stages}.`),
  );
}

export function datasetsOption([first]: readonly Archive[]): Option {
  const { entry, examples } = (first as Archive).words;
  return new Option('--datasets <ids>', 'only these, separated by commas').argParser(
    parseNames(`Give ${entry} ids such as ${examples.join(',')}.`),
  );
}

export function skipUnknownOption(): Option {
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

export const archiveOption = (archives: readonly Archive[], more: readonly string[] = []): Option =>
  new Option('--archive <name>', `the archive to look at (default: ${archives[0]?.id})`).choices([
    ...archives.map(({ id }) => id),
    ...more,
  ]);

export function deployedOptions(command: Command, archives: readonly Archive[]): Command {
  return command
    .addOption(archiveOption(archives))
    .addOption(
      new Option('--stack <name>', 'name of the CloudFormation stack')
        .env('MIRRORWATCH_STACK')
        .default(DEFAULT_STACK),
    )
    .option('--json', 'the outcome as JSON on stdout', false);
}

export function folderOption(description: string): Option {
  return new Option('--out <folder>', description).argParser(parseFolder);
}

export function runOptions(command: Command, archives: readonly Archive[]): Command {
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
      new Option('--site-url <url>', 'where readers open the page; feeds and messages link to it')
        .env('MIRRORWATCH_SITE_URL')
        .argParser(parseAddress),
    )
    .addOption(
      new Option(
        '--badge-label <text>',
        `left half of the badges (default: ${DEFAULT_LABEL})`,
      ).argParser(parseLabel),
    )
    .addOption(
      new Option(
        '--notify <file>',
        'append what is told of new and mended faults to this file, a line of JSON each',
      ).argParser(parseFile),
    )
    .addOption(
      new Option('--webhook-url <url>', `send it there as well, signed with ${SECRET_VARIABLE}`)
        .env('MIRRORWATCH_WEBHOOK_URL')
        .argParser(parseWebhook),
    )
    .addOption(
      new Option(
        '--notify-from <status>',
        `the least status that is told as a fault (default: ${RUN_DEFAULTS.notifyFrom})`,
      ).choices(NOTIFY_FROM),
    )
    .addOption(
      new Option(
        '--digest <how often>',
        `also tell all that changed (default: ${RUN_DEFAULTS.digest})`,
      ).choices(DIGESTS),
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
