// What stands below the options in a command's help: texts, exit codes, an example to copy.

import type { AddHelpTextContext, Command } from 'commander';
import { ownCommand } from './own-command.ts';

const add = (command: Command, text: (wrap: (one: string) => string) => string): Command =>
  command.addHelpText('after', ({ command: shown }: AddHelpTextContext) => {
    const help = shown.createHelp();
    const width = shown.configureOutput().getOutHelpWidth?.() ?? 80;
    return `\n${text((one) => help.boxWrap(one, width))}`;
  });

/** One paragraph. */
export const addText = (command: Command, text: string): Command =>
  add(command, (wrap) => wrap(text));

/** @param example arguments that can be typed after the program's name */
export const addExample = (command: Command, example: string): Command =>
  add(command, () => `Example:\n  ${ownCommand()} ${example}`);

/** @param codes what each exit code means */
export function addExitCodes(
  command: Command,
  codes: Readonly<Record<number, string>>,
  example: string,
): Command {
  const lines = Object.entries(codes).map(([code, means]) => `  ${code.padEnd(3)}  ${means}`);
  add(command, () => ['Exit codes:', ...lines].join('\n'));
  return addExample(command, example);
}
