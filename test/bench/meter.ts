// Loaded into every measured process before its program (`node --import`): on exit it writes its
// usage to the file that MIRRORWATCH_BENCH_METER names.

import { readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** What a process used, including the time of its ended children. */
export interface Usage {
  /** User and system time in seconds, including threads and ended children. */
  readonly cpu: number;
  /** The part of `cpu` that ended children (git) used. */
  readonly childrenCpu: number;
  /** Peak resident memory of the process itself in bytes. */
  readonly rss: number;
}

/** `_SC_CLK_TCK` of every Linux that Node runs on; /proc counts children's time in this unit. */
const TICKS_A_SECOND = 100;

function usage(): Usage {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  // proc(5): fields 16 and 17, counted after the name in brackets, which may hold any character.
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const childrenCpu = (Number(fields[13]) + Number(fields[14])) / TICKS_A_SECOND;
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'));
  return {
    cpu: (userCPUTime + systemCPUTime) / 1e6 + childrenCpu,
    childrenCpu,
    rss: Number(peak?.[1]) * 1024,
  };
}

const target = process.env.MIRRORWATCH_BENCH_METER;
if (target && isMainThread)
  process.on('exit', () => writeFileSync(target, JSON.stringify(usage())));
