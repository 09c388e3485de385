// From arguments to an exit code: 0 success, 1 failure, 2 wrong usage, 3 what `--fail-on` names is
// there, 130 interrupted. Every expected failure is one line that says what to do.

import { ARCHIVES } from '../../archives/index.ts';
import type { Archive } from '../../core/monitor/archive.ts';
import type { BoardsActions } from '../boards/options.ts';
import { errorCode } from '../problem.ts';
import { createProgram } from './program.ts';
import { report } from './report.ts';
import { parseToken } from './values.ts';

/** @param args without the program's name */
export async function main(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  archives: readonly Archive[] = ARCHIVES,
): Promise<number> {
  let code = 0;
  ignoreClosedPipes();
  // A command's modules are loaded when it runs, so help and usage errors are immediate.
  const program = createProgram(
    {
      async run(options) {
        const tokens = Object.fromEntries(
          Object.entries(options.definition.places).map(([place, { token }]) => [
            place,
            token === undefined ? undefined : parseToken(token, env),
          ]),
        );
        const { runCommand } = await import('./run-command.ts');
        const { notifiersOf } = await import('./notifiers.ts');
        return runCommand(options, tokens, archives, notifiersOf(options, env));
      },
      async changes(options) {
        const { changesCommand } = await import('./changes-command.ts');
        return changesCommand(options, archives);
      },
      async show(id, options) {
        const { showCommand } = await import('./show-command.ts');
        return showCommand(id, options, archives);
      },
      async validate(folder) {
        const { validateCommand } = await import('./validate-command.ts');
        return validateCommand(folder, archives);
      },
      async prune(options) {
        const { pruneCommand } = await import('./prune-command.ts');
        return pruneCommand(options, archives);
      },
      async serve(options) {
        const { serveCommand } = await import('../serve/command.ts');
        return serveCommand(options, archives);
      },
      async rerun(options) {
        const { rerunCommand } = await import('../aws/rerun-command.ts');
        return rerunCommand(options);
      },
      async status(options) {
        const { statusCommand } = await import('../aws/status-command.ts');
        return statusCommand(options);
      },
      async restore(options) {
        const { restoreCommand } = await import('../aws/restore-command.ts');
        return restoreCommand(options);
      },
      async importHistory(options) {
        const { importCommand } = await import('../history/import-command.ts');
        return importCommand(options);
      },
      async archiveCommand(options) {
        const { archiveCommand } = await import('./archive-command.ts');
        return archiveCommand(options);
      },
      ...boardsActions(),
      async rebuildHistory(options) {
        const { rebuildCommand } = await import('../history/rebuild-command.ts');
        return rebuildCommand(options);
      },
    },
    (ended) => {
      code = ended;
    },
    archives,
  );
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

function boardsActions(): BoardsActions {
  const actions = async () => (await import('../boards/commands.ts')).BOARDS_ACTIONS;
  return {
    exportBoards: async (options) => (await actions()).exportBoards(options),
    importBoards: async (options) => (await actions()).importBoards(options),
    maintainBoard: async (...given) => (await actions()).maintainBoard(...given),
    listBoards: async (place) => (await actions()).listBoards(place),
    recountBoards: async (place) => (await actions()).recountBoards(place),
    switchBoards: async (...given) => (await actions()).switchBoards(...given),
  };
}

/** `mirrorwatch validate data | head`: a closed pipe is not a failure. */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    // Tests call this more than once in a process.
    if (!stream.listeners('error').includes(ignoreClosedPipe)) stream.on('error', ignoreClosedPipe);
  }
}

function ignoreClosedPipe(error: unknown): void {
  if (errorCode(error) !== 'EPIPE') throw error;
}
