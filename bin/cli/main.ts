// From arguments to an exit code: 0 well, 1 could not be done, 2 used wrongly, 130 interrupted.
// Every failure that can be expected is one line that says what to do.

import { serveCommand } from '../serve/command.ts';
import { createProgram } from './program.ts';
import { report } from './report.ts';
import { runCommand } from './run-command.ts';
import { validateCommand } from './validate-command.ts';

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
