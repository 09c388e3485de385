// How many writes a client may make. Its address is neither stored nor logged.

import { isIPv6 } from 'node:net';

export interface Limiter {
  /** Counts a write. @returns seconds until the next one may be made; 0 if this one may */
  count(client: string, now: number): Promise<number>;
}

export const WRITES = { aMinute: 20, aDay: 200 } as const;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** An IPv4 address, or the network of an IPv6 address (/64), which one household has. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('%')[0]?.split('::') ?? [];
  const groups = (text: string) => text.split(':').filter((part) => part !== '');
  const [first, last] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  const all = [...first, ...zeros, ...last].slice(0, 4);
  return `${all.map((part) => Number.parseInt(part, 16).toString(16)).join(':')}::/64`;
}

/** Days and minutes since 1970, in UTC. */
export const dayOf = (now: number): number => Math.floor(now / DAY_MS);
export const minuteOf = (now: number): number => Math.floor(now / MINUTE_MS);

const secondsUntil = (time: number, now: number): number => Math.ceil((time - now) / 1000);

/** @param counts writes of this minute and this day before this one */
export function secondsToWait(
  counts: { readonly minute: number; readonly day: number },
  now: number,
): number {
  if (counts.day >= WRITES.aDay) return secondsUntil((dayOf(now) + 1) * DAY_MS, now);
  if (counts.minute >= WRITES.aMinute) return secondsUntil((minuteOf(now) + 1) * MINUTE_MS, now);
  return 0;
}

/** Counts in memory, and forgets everything at the end of the day. */
export function memoryLimiter(): Limiter {
  let today = -1;
  const clients = new Map<string, { minute: number; inMinute: number; inDay: number }>();
  return {
    async count(client, now) {
      if (dayOf(now) !== today) clients.clear();
      today = dayOf(now);
      const network = networkOf(client);
      const minute = minuteOf(now);
      const known = clients.get(network);
      const inMinute = known?.minute === minute ? known.inMinute : 0;
      const inDay = known?.inDay ?? 0;
      const seconds = secondsToWait({ minute: inMinute, day: inDay }, now);
      if (seconds > 0) return seconds;
      clients.set(network, { minute, inMinute: inMinute + 1, inDay: inDay + 1 });
      return 0;
    },
  };
}
