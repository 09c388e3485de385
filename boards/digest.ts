// Hashes of bodies and keys, and names that cannot be guessed.

import { hash, timingSafeEqual } from 'node:crypto';
import { upgraded } from './migrations.ts';

export type Random = (bytes: number) => Uint8Array;

export const sha256 = (text: string): string => hash('sha256', text);

/** Changes with the body as it is read, and with every revision. */
export const etagOf = ({ body, rev }: { readonly body: string; readonly rev: number }): string =>
  `"${sha256(upgraded(body)).slice(0, 16)}-${rev}"`;

/** A UUID v4 in lower case. */
export function makeId(random: Random): string {
  const bytes = Buffer.from(random(16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const isId = (text: string): boolean => UUID.test(text);

/** 43 characters. */
export const makeKey = (random: Random): string => Buffer.from(random(32)).toString('base64url');

/** Takes the same time for every key, also for one that is absent. */
export function isKeyOf(keyHash: string | null, key: string | null): boolean {
  const given = Buffer.from(sha256(key ?? ''), 'hex');
  const wanted = Buffer.from(keyHash ?? sha256(''), 'hex');
  return timingSafeEqual(given, wanted) && key !== null && keyHash !== null;
}
