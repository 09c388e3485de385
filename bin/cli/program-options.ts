// Options that several commands have, as the help shows them.

import { type Command, Option } from 'commander';
import { type Archive, stagesOf } from '../../core/monitor/archive.ts';
import { DEFAULT_STACK } from '../../lambdas/names.ts';
import { addExample } from './help.ts';
import { parseFolder, parseNames } from './values.ts';

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

export const strictOption = (): Option =>
  new Option(
    '--strict',
    'do nothing if one of --datasets is wrong; without it the wrong ones are left out',
  );

export const archiveOption = (archives: readonly Archive[], more: readonly string[] = []): Option =>
  new Option('--archive <name>', `the archive to look at (default: ${archives[0]?.id})`).choices([
    ...archives.map(({ id }) => id),
    ...more,
  ]);

/** @param example arguments of the command */
export function deployedOptions(
  command: Command,
  archives: readonly Archive[],
  example: string,
): Command {
  return addExample(command, example)
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
