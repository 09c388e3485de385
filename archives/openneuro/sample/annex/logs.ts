// The logs of a git-annex branch, line by line (git-annex, internals). A line carries its time. Of
// several lines about one thing the newest counts, wherever it is.

import { hash } from 'node:crypto';
import { digest, toBinary } from '../../../../sample/bytes.ts';
import { BUCKET } from '../archive.ts';

/** 8-4-4-4-12 hex digits, made from a text. */
export function uuidOf(text: string): string {
  const hex = digest('md5', text);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20)].join('-');
}

/** git-annex writes seconds with as many decimals as it has. */
function stamp(at: Date): string {
  const millis = at.getTime();
  const rest = String(millis % 1000)
    .padStart(3, '0')
    .replace(/0+$/, '');
  return `${Math.floor(millis / 1000)}${rest === '' ? '' : `.${rest}`}s`;
}

/** uuid.log, remote.log and trust.log end with the time. */
export function timedLast(uuid: string, value: string, at: Date): string {
  return `${uuid} ${value} timestamp=${stamp(at)}\n`;
}

/** export.log and the logs of keys begin with it. */
export function timedFirst(at: Date, value: string): string {
  return `${stamp(at)} ${value}\n`;
}

/** The settings of an S3 export as OpenNeuro makes them (seen in ds002778 and others). */
export function exportSettings(datasetId: string, name: string, bucket: string): string {
  const open = bucket === BUCKET;
  return [
    'autoenable=true',
    `bucket=${bucket}`,
    'datacenter=US',
    'encryption=none',
    'exporttree=yes',
    `fileprefix=${datasetId}/`,
    'host=s3.amazonaws.com',
    `name=${name}`,
    'partsize=1GiB',
    'port=80',
    `public=${open ? 'yes' : 'no'}`,
    `publicurl=${open ? `https://s3.amazonaws.com/${bucket}` : 'no'}`,
    'storageclass=STANDARD',
    'type=S3',
    'versioning=yes',
  ].join(' ');
}

/**
 * git-annex takes these as white space. It reads bytes as Latin-1, so 0xA0 (the end of a-grave) is
 * one too.
 */
const MISLEADING = /^!|[\t-\r \u00A0]/;

/** A value in a metadata log: base64 if white space or a leading `!` would mislead. */
function metaValue(text: string): string {
  const bytes = toBinary(text);
  if (!MISLEADING.test(bytes)) return text;
  return `!${Buffer.from(bytes, 'latin1').toString('base64')}`;
}

/** An S3 version id of the usual length, made from a text. */
function versionId(text: string): string {
  return hash('sha256', text, 'base64url').replaceAll('-', '.').slice(0, 32);
}

/** A line of `KEY.log.rmet`: the version that a remote gave an object. */
export function versionLine(at: Date, uuid: string, datasetId: string, path: string): string {
  const object = `${datasetId}/${path}`;
  return timedFirst(at, `${uuid}:V +${metaValue(`${versionId(object)}#${object}`)}`);
}
