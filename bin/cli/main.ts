// From arguments to an exit code: 0 well, 1 could not be done, 2 used wrongly, 130 interrupted.
// Every failure that can be expected is one line that says what to do.

import { createProgram } from './program.ts';
import { report } from './report.ts';

/** @param args without the program's name */
export async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  let code = 0;
  // A command's own modules are loaded when it is run: help and usage errors come at once.
  const program = createProgram(
    {
      async run(options) {
        const { runCommand } = await import('./run-command.ts');
        return runCommand(options, env.OPENNEURO_TOKEN || undefined);
      },
      async validate(folder) {
        const { validateCommand } = await import('./validate-command.ts');
        return validateCommand(folder);
      },
      async serve(options) {
        const { serveCommand } = await import('../serve/command.ts');
        return serveCommand(options);
      },
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
