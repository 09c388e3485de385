// Commands that only one archive has: `mirrorwatch {archive} {command} ARGUMENT`.

import { type Command, Option } from 'commander';
import type { Archive, ArchiveCommand } from '../../core/monitor/archive.ts';
import { addExitCodes } from './help.ts';
import { WRONG_USAGE } from './report.ts';
import { parseAddress, parseText } from './values.ts';

export interface ArchiveCommandOptions {
  readonly archive: Archive;
  readonly command: ArchiveCommand;
  readonly argument: string;
  /** By place; they override those of the archive. */
  readonly addresses: Readonly<Record<string, string>>;
}

export interface ArchiveActions {
  archiveCommand(options: ArchiveCommandOptions): Promise<number>;
}

export function addArchiveCommands(
  program: Command,
  actions: ArchiveActions,
  finish: (code: number) => void,
  archives: readonly Archive[],
): void {
  for (const archive of archives) {
    const { id, words, commands = [] } = archive;
    if (commands.length === 0) continue;
    const group = program.command(id).description(`commands of ${words.title} alone`);
    group.action(() => {
      process.stderr.write(group.helpInformation());
      finish(WRONG_USAGE);
    });
    for (const command of commands) addCommand(group, { archive, command }, actions, finish);
  }
}

function addCommand(
  group: Command,
  { archive, command }: Pick<ArchiveCommandOptions, 'archive' | 'command'>,
  actions: ArchiveActions,
  finish: (code: number) => void,
): void {
  const { name, does, argument, asks } = command;
  const made = group.command(name).description(does);
  made.argument(`<${argument.name}>`, argument.what, parseText);
  for (const place of asks) {
    const { what, url } = archive.places[place] ?? {};
    made.addOption(
      new Option(`--${place}-url <url>`, `address of the ${what} (default: ${url})`)
        .env(`MIRRORWATCH_${place.toUpperCase()}_URL`)
        .argParser(parseAddress),
    );
  }
  addExitCodes(
    made,
    { 0: 'printed', 1: 'it could not be read (it says why)', 2: 'not understood' },
    `${archive.id} ${name} ${argument.example}`,
  ).action(async (given: string, options: Readonly<Record<string, string>>) => {
    const addresses = Object.fromEntries(
      asks.flatMap((place) => {
        const url = options[`${place}Url`];
        return url === undefined ? [] : [[place, url]];
      }),
    );
    finish(await actions.archiveCommand({ archive, command, argument: given, addresses }));
  });
}
