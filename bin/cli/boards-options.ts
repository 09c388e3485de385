// `mirrorwatch boards`: its commands and the help.

import { type Command, Option } from 'commander';
import { DEFAULT_STACK } from '../../lambdas/names.ts';
import {
  type BoardsActions,
  type BoardsPlace,
  DEFAULT_DUMP,
  type DumpOptions,
  ONE_BOARD,
  type OneBoard,
} from '../boards/options.ts';
import { WRONG_USAGE } from './report.ts';
import { parseFile, parseFolder, parseText } from './values.ts';

const folder = () =>
  new Option('--boards <folder>', 'boards in a folder, as `serve --boards` has them')
    .argParser(parseFolder)
    .conflicts('table');
const table = () =>
  new Option('--table <name>', 'boards in this table of DynamoDB').argParser(parseText);
const stack = () =>
  new Option('--stack <name>', 'otherwise those of this CloudFormation stack')
    .argParser(parseText)
    .default(DEFAULT_STACK);

export function addBoardsCommands(
  program: Command,
  actions: BoardsActions,
  finish: (code: number) => void,
): void {
  const boards = program
    .command('boards')
    .description('saved boards: copy them out and in, spare, protect and delete them')
    .action(() => {
      process.stderr.write(boards.helpInformation());
      finish(WRONG_USAGE);
    });

  for (const [name, does, run] of [
    ['export', 'write boards and all that is kept of them to a file', actions.exportBoards],
    ['import', 'write the boards of such a file; what is the same stays', actions.importBoards],
  ] as const) {
    const command = boards
      .command(name)
      .description(does)
      .argument('[file]', 'JSON', parseFile, DEFAULT_DUMP)
      .addOption(folder())
      .addOption(table())
      .addOption(stack());
    if (name === 'export') command.option('--all', 'also those that are not whitelisted', false);
    command.action(async (file: string, given: Omit<DumpOptions, 'file'>) =>
      finish(await run({ ...given, file })),
    );
  }

  for (const [name, { does }] of Object.entries(ONE_BOARD)) {
    boards
      .command(name)
      .description(does)
      .argument('<id>', 'of the board', parseText)
      .addOption(folder())
      .addOption(stack())
      .action(async (id: string, place: BoardsPlace) =>
        finish(await actions.maintainBoard(name as OneBoard, id, place)),
      );
  }

  boards
    .command('list')
    .description('list all boards')
    .addOption(folder())
    .addOption(stack())
    .action(async (place: BoardsPlace) => finish(await actions.listBoards(place)));

  boards
    .command('recount')
    .description('count all boards again')
    .addOption(folder())
    .addOption(stack())
    .action(async (place: BoardsPlace) => finish(await actions.recountBoards(place)));

  for (const [name, does] of [
    ['off', 'answer no request for boards any more, at once'],
    ['on', 'answer them again'],
  ] as const) {
    boards
      .command(name)
      .description(does)
      .addOption(stack())
      .action(async (place: BoardsPlace) =>
        finish(await actions.switchBoards(name === 'on', place)),
      );
  }
}
