// One writer at a time in a folder. An opener first publishes that it wants the folder and then
// looks for others, so two openers can never both find themselves alone. A dead process's files
// have names that no other process uses, so removing them is safe.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../core/problem.ts';
import type { Files } from './files.ts';

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process took the lock, ISO 8601; null when its file does not say. */
  readonly since: string | null;
  /**
   * Distinguishes a process from a later one with the same number; null if the system does not say.
   */
  readonly born: string | null;
}

export interface Lock {
  /** An earlier process died while it held the folder. */
  readonly orphaned: boolean;
  release(): Promise<void>;
}

/**
 * `lock-PID-` and random digits, then the process's start time, so that even a file cut off at its
 * first byte shows it. Names of earlier versions end before the start time.
 */
const NAME = /^(lock|want)-((\d+)-([0-9a-f]+))$/;
const RANDOM_DIGITS = 12;

/** Openers that meet all step back; growing random waits let one of them through. */
const TRIES = 7;
const FIRST_WAIT_MS = 20;

/**
 * @param shown the folder as the user named it
 * @throws Problem naming the other process if one holds the folder
 */
export async function takeLock(
  files: Files,
  folder: string,
  shown: string,
  now: () => Date = () => new Date(),
): Promise<Lock> {
  const born = ownBirth();
  const digits = randomUUID().replaceAll('-', '').slice(0, RANDOM_DIGITS);
  const id = `${process.pid}-${digits}${born ?? ''}`;
  const wanted = join(folder, `want-${id}`);
  const held = join(folder, `lock-${id}`);
  const mine: Owner = {
    pid: process.pid,
    host: hostname(),
    since: now().toISOString(),
    born,
  };
  let orphaned = false;
  const onDead = (): void => {
    orphaned = true;
  };
  for (let attempt = 1; ; attempt += 1) {
    await files.create(wanted, JSON.stringify(mine));
    const others = await liveOwners(files, folder, id, onDead);
    if (others.length === 0) {
      await files.create(held, JSON.stringify(mine));
      await files.remove(wanted);
      return { orphaned, release: () => files.remove(held) };
    }
    await files.remove(wanted);
    const holder = others.find(({ holds }) => holds) ?? (attempt === TRIES ? others[0] : undefined);
    if (holder) throw new Problem(busy(holder, shown, folder));
    await sleep(FIRST_WAIT_MS * 2 ** attempt * Math.random());
  }
}

function busy(owner: Owner, shown: string, folder: string): string {
  const since = owner.since ? `, since ${owner.since.slice(0, 16).replace('T', ' ')} UTC` : '';
  const text = `another run (pid ${owner.pid}${since}) is writing to ${shown}`;
  if (owner.host === hostname()) return `${text}; wait for it, or choose another folder with --out`;
  return `${text} on ${owner.host}; wait for it, or remove ${join(folder, 'lock-*')} if it is gone`;
}

/** Other processes that hold or want the folder; files of dead ones are removed. */
async function liveOwners(
  files: Files,
  folder: string,
  mine: string,
  onDead: () => void,
): Promise<(Owner & { readonly holds: boolean })[]> {
  const owners = [];
  for (const { name } of await files.list(folder)) {
    const [, word, id, pid, digits = ''] = NAME.exec(name) ?? [];
    if (id === undefined || id === mine) continue;
    const bytes = await files.read(join(folder, name));
    if (bytes === undefined) continue;
    const born = digits.slice(RANDOM_DIGITS) || null;
    const owner = { ...parseOwner(Number(pid), born, bytes), holds: word === 'lock' };
    if (isAlive(owner)) owners.push(owner);
    else {
      onDead();
      await files.remove(join(folder, name));
    }
  }
  return owners;
}

/** A file that is not fully written still identifies its process by its name. */
function parseOwner(pid: number, born: string | null, bytes: Buffer): Owner {
  try {
    const said = JSON.parse(bytes.toString()) as Owner;
    return { pid, host: String(said.host), since: said.since, born: said.born };
  } catch {
    return { pid, host: hostname(), since: null, born };
  }
}

function isAlive(owner: Owner): boolean {
  // A process on another machine cannot be checked.
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return owner.born === null || owner.born === processBirth(owner.pid);
}

let birth: string | null | undefined;
function ownBirth(): string | null {
  if (birth === undefined) birth = processBirth(process.pid);
  return birth;
}

/** Start of a process in ticks since boot: field 22 of Linux's /proc/PID/stat (proc(5)). */
function processBirth(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, field 2, may contain anything and ends at the last parenthesis.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
