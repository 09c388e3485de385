// `mirrorwatch history rebuild`: all but the files of the runs is made again.

import { join } from 'node:path';
import { counted } from '../../core/documents/format.ts';
import { folderOf } from '../../core/documents/paths.ts';
import { rebuildHistory } from '../../core/history/rebuild.ts';
import { Problem } from '../../core/problem.ts';
import { createConsole } from '../cli/console.ts';
import { plain } from '../cli/format.ts';
import { INTERRUPTED, onInterrupt } from '../cli/interrupt.ts';
import { type RebuildOptions, RUN_DEFAULTS } from '../cli/options.ts';
import { refuseUnlessTree } from '../cli/validate-command.ts';
import { openFolderStore } from '../folder-store.ts';

/**
 * @returns the exit code
 * @throws Problem if there is no history
 */
export async function rebuildCommand({ out, definition }: RebuildOptions): Promise<number> {
  const folder = join(out, folderOf(definition));
  await refuseUnlessTree(folder);
  const { log, say } = createConsole({
    stream: process.stderr,
    now: () => new Date(),
    json: false,
    verbose: false,
  });
  const interrupt = onInterrupt(() => say('Stopping. Ctrl-C again stops at once.'));
  const store = await openFolderStore(folder, { archive: definition, lock: true });
  const { signal } = interrupt;
  try {
    const runs = (await store.listHistory()).length;
    if (runs === 0) {
      throw new Problem(`${folder} has no history yet; a run or an import begins it`);
    }
    const options = { concurrency: RUN_DEFAULTS.concurrency };
    const written = await rebuildHistory({ archive: definition, store, log, options, signal });
    const how =
      written === 0 ? 'all was as it should be' : `${counted(written, 'document')} written`;
    process.stdout.write(`${plain(`${folder}: ${counted(runs, 'run')}; ${how}`)}\n`);
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    say('Run the same command again to finish it.');
    return INTERRUPTED;
  } finally {
    interrupt.close();
    await store.close();
  }
}
