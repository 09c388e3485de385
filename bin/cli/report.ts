// Reports why a command failed, in one line, and gives the exit code.

import { CommanderError } from 'commander';
import { Problem } from '../../core/problem.ts';
import { plain, plainLines } from './format.ts';

/** Writes the reason to stderr. @returns 2 for wrong usage, 1 for a failure */
export function report(error: unknown, args: readonly string[]): number {
  const verbose = args.includes('-v') || args.includes('--verbose');
  const say = (text: string) => process.stderr.write(`mirrorwatch: ${text}\n`);
  if (error instanceof CommanderError) {
    // Help and version were requested and printed.
    if (error.exitCode === 0) return 0;
    const said = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
    say(`${plain(said)} (see --help)`);
    return 2;
  }
  if (error instanceof Problem) {
    say(plain(error.message));
    if (verbose && error.cause instanceof Error)
      process.stderr.write(`${plainLines(error.cause.stack ?? '')}\n`);
    return 1;
  }
  const message = error instanceof Error ? error.message : String(error);
  say(
    verbose
      ? `this is a fault of the program: ${plainLines(error instanceof Error ? (error.stack ?? message) : message)}`
      : `this is a fault of the program: ${plain(message)} (run again with -v to see where)`,
  );
  return 1;
}
