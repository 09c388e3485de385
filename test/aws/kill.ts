// Kills a function in the middle of its work, as the system kills one that is out of memory. The
// emulator runs each function as a process of its group.

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Processes of the group that run a function whose name contains `part`. */
function processesOf(group: number, part: string): number[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      // The fields after the command's name, which may hold blanks: state, parent, group.
      const [, , ownGroup] =
        readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      if (Number(ownGroup) !== group) return [];
      const environment = readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0');
      const name = environment.find((line) => line.startsWith('AWS_LAMBDA_FUNCTION_NAME='));
      return name?.includes(part) ? [Number(entry)] : [];
    } catch {
      // It ended during the look-up.
      return [];
    }
  });
}

/** Stops the function where it is. @returns what lets it go on */
export function pause(group: number, part: string): () => void {
  const paused = processesOf(group, part);
  if (paused.length === 0) throw new Error(`no function ${part} is at work`);
  for (const pid of paused) process.kill(pid, 'SIGSTOP');
  return () => {
    for (const pid of paused) process.kill(pid, 'SIGCONT');
  };
}

/**
 * Kills every process of the function, whenever `when` holds, until it is stopped.
 * @returns the number of kills
 */
export async function keepKilling(
  group: number,
  part: string,
  signal: AbortSignal,
  when: () => boolean = () => true,
): Promise<number> {
  let killed = 0;
  while (!signal.aborted) {
    for (const pid of when() ? processesOf(group, part) : []) {
      process.kill(pid, 'SIGKILL');
      killed += 1;
    }
    await sleep(50);
  }
  return killed;
}
