// Reports why a command failed, in one line, and gives the exit code.

import { CommanderError } from 'commander';
import { Problem } from '../../core/problem.ts';
import { plain, plainLines } from './format.ts';

/** Exit code for a command that was given wrong: an unknown option, a dataset that is not there. */
export const WRONG_USAGE = 2;
/** Exit code when what `--fail-on` names is there. */
export const FOUND = 3;

/** Writes the reason to stderr. @returns the exit code: WRONG_USAGE, or 1 for a failure */
export function report(error: unknown, args: readonly string[]): number {
  const verbose = args.includes('-v') || args.includes('--verbose');
  const say = (text: string) => process.stderr.write(`mirrorwatch: ${text}\n`);
  if (error instanceof CommanderError) {
    // Help and version were requested and printed.
    if (error.exitCode === 0) return 0;
    const said = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
    say(`${plain(said)} (see --help)`);
    return WRONG_USAGE;
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
