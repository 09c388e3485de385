// From arguments to an exit code: 0 well, 1 could not be done, 2 used wrongly, 130 interrupted.
// Every failure that can be expected is one line that says what to do.

import { CommanderError } from 'commander';
import { Problem, UsageError } from '../problem.ts';
import { serveCommand } from '../serve/command.ts';
import { createProgram } from './program.ts';
import { runCommand } from './run-command.ts';
import { validateCommand } from './validate-command.ts';
import { plain } from './words.ts';

/** @param args without the program's name */
export async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  let code = 0;
  const program = createProgram(
    {
      run: (options) => runCommand(options, env.OPENNEURO_TOKEN || undefined),
      validate: validateCommand,
      serve: serveCommand,
    },
    (ended) => {
      code = ended;
    },
  );
  // Every message is printed once, below.
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  if (args.length === 0) {
    process.stderr.write(program.helpInformation());
    return 2;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return report(error, args);
  }
}

function report(error: unknown, args: readonly string[]): number {
  const verbose = args.includes('-v') || args.includes('--verbose');
  const tell = (text: string) => process.stderr.write(`mirrorwatch: ${text}\n`);
  if (error instanceof CommanderError) {
    // Help and version were asked for and printed.
    if (error.exitCode === 0) return 0;
    const said = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
    tell(`${plain(said)} (see mirrorwatch --help)`);
    return 2;
  }
  if (error instanceof Problem) {
    tell(plain(error.message));
    if (verbose && error.cause instanceof Error) process.stderr.write(`${error.cause.stack}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
  const message = error instanceof Error ? error.message : String(error);
  tell(
    verbose
      ? `this is a fault of the program: ${error instanceof Error ? error.stack : message}`
      : `this is a fault of the program: ${plain(message)} (run again with -v to see where)`,
  );
  return 1;
}
