// Runs a command that only one archive has.

import { Problem } from '../../core/problem.ts';
import { headFiles } from '../history/head-files.ts';
import { openArchive } from './archive.ts';
import type { ArchiveCommandOptions } from './archive-commands.ts';
import { createConsole } from './console.ts';
import { plain } from './format.ts';
import { INTERRUPTED, onInterrupt } from './interrupt.ts';
import { RUN_DEFAULTS } from './options.ts';

/**
 * @returns the exit code
 * @throws Problem when there is nothing to print
 */
export async function archiveCommand({
  archive: definition,
  command,
  argument,
  addresses,
}: ArchiveCommandOptions): Promise<number> {
  const said = { json: false, verbose: false };
  const console = createConsole({ stream: process.stderr, now: () => new Date(), ...said });
  const interrupt = onInterrupt((text) => console.say(text));
  const { signal } = interrupt;
  const options = { ...RUN_DEFAULTS, archive: definition.id, definition, addresses };
  const { sources, close } = await openArchive(options, {}, console.log);
  try {
    const readRepository = (folder: string, blobBytes: number) =>
      headFiles(folder, blobBytes, signal);
    const answer = await command.run(argument, { ...sources, readRepository, signal });
    if (answer.kind === 'failed') throw new Problem(answer.detail);
    process.stdout.write(`${plain(answer.value)}\n`);
    return 0;
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    throw error;
  } finally {
    await close();
    interrupt.close();
  }
}
