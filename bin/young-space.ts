// How much memory a run takes beyond what it needs. V8 lets the space for new objects grow to 64 MB
// and more when the machine has it, up to a third of a run's peak, for little or no speed
// (docs/performance.md). Only who starts a process can ask for less, so the program starts itself anew.

/** In MB, for each of the two halves. */
const ROOM = 16;

/**
 * Replaces this process by one with little room for new objects: same id, same arguments, same
 * streams. To be called before anything is opened. Returns where it is so already, or whoever
 * started the process chose for themselves, or the system cannot do it (Windows).
 */
export function boundYoungSpace(): void {
  const chosen = `${process.execArgv.join(' ')} ${process.env.NODE_OPTIONS ?? ''}`;
  const talksToParent = process.send !== undefined;
  if (/semi[-_]space/.test(chosen) || talksToParent || process.execve === undefined) return;
  const flags = [...process.execArgv, `--max-semi-space-size=${ROOM}`];
  try {
    process.execve(process.execPath, [process.execPath, ...flags, ...process.argv.slice(1)]);
  } catch {
    // It works in any case.
  }
}
