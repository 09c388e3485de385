// `mirrorwatch history`: its commands and the help.

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Archive } from '../../core/monitor/archive.ts';
import { addExample, addExitCodes, addText } from './help.ts';
import { chosenFrom, type ImportOptions, type RebuildOptions, RUN_DEFAULTS } from './options.ts';
import { archiveOption, folderOption } from './program-options.ts';
import { WRONG_USAGE } from './report.ts';
import { parseFolder, parseUntil } from './values.ts';

type Given<T> = Omit<T, 'definition'> & { readonly archive?: string };

export interface HistoryActions {
  importHistory(options: ImportOptions): Promise<number>;
  rebuildHistory(options: RebuildOptions): Promise<number>;
}

export function addHistoryCommands(
  program: Command,
  actions: HistoryActions,
  finish: (code: number) => void,
  archives: readonly Archive[],
): void {
  const history = program
    .command('history')
    .description('since when, and what changed: import it from elsewhere, or make it again')
    .action(() => {
      process.stderr.write(history.helpInformation());
      finish(WRONG_USAGE);
    });

  const imports = history.command('import');
  addText(
    imports,
    'Needs git, and no network. An import that is repeated, or goes on from an earlier one, gives the same bytes.',
  );
  addExitCodes(
    imports,
    {
      0: 'imported, or it was there',
      1: 'it could not, or other runs are in its way (it says why)',
      2: 'not understood',
      130: 'interrupted, and nothing was written',
    },
    'history import --from-git ../dashboard',
  )
    .description('import the runs that an older system recorded in a git repository')
    .addOption(
      new Option('--from-git <folder>', 'the repository, bare or not; it is only read')
        .argParser(parseFolder)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--ref <name>', 'branch with the runs').argParser(parseRef).default('main'),
    )
    .addOption(
      new Option('--until <date>', 'leave out runs after this day (UTC) or time').argParser(
        parseUntil,
      ),
    )
    .addOption(folderOption('folder with the results').default(RUN_DEFAULTS.out))
    .addOption(archiveOption(archives))
    .option('--replace', 'replace runs that are there already and say something else', false)
    .option(
      '--as-recorded',
      "copy the recorded verdicts, instead of judging by today's rules",
      false,
    )
    .option('--json', 'log lines as JSON on stderr, the outcome as JSON on stdout', false)
    .action(async ({ archive, until, ...given }: Given<ImportOptions>) => {
      const definition = chosenFrom(archives, archive);
      if (definition.recorded === undefined) {
        throw new InvalidArgumentError(`No older system recorded runs of ${definition.id}.`);
      }
      finish(await actions.importHistory({ ...given, until: until ?? null, definition }));
    });

  addExample(history.command('rebuild'), 'history rebuild --out data')
    .description('make strips, months and index again from the files of the runs')
    .addOption(folderOption('folder with the results').default(RUN_DEFAULTS.out))
    .addOption(archiveOption(archives))
    .action(async ({ archive, ...given }: Given<RebuildOptions>) => {
      finish(await actions.rebuildHistory({ ...given, definition: chosenFrom(archives, archive) }));
    });
}

/** Not an option of git, nor a range of commits. */
function parseRef(text: string): string {
  if (/^[A-Za-z0-9_][\w./@-]{0,199}$/.test(text) && !text.includes('..')) return text;
  throw new InvalidArgumentError('Give the name of a branch, such as main.');
}
