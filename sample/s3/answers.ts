// The documents and headers that S3 sends.

import { createHash } from 'node:crypto';
import { digest } from '../bytes.ts';

export interface S3Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Whole, or pieces of an object that is too big to hold. */
  readonly body: Buffer | Iterable<Buffer>;
}

/** Of a binary string, for a document in UTF-8: control characters as S3 writes them. */
export function escapeXml(binary: string): string {
  return (
    Buffer.from(binary, 'latin1')
      .toString('utf8')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped.
      .replace(/[\u0000-\u001f]/g, (char) => `&#x${char.charCodeAt(0).toString(16)};`)
  );
}

/** S3 gives every request an id and names it in every answer, a refusal of a HEAD included. */
export function ownHeaders(about: string): Record<string, string> {
  return {
    server: 'AmazonS3',
    'x-amz-request-id': requestId(about),
    'x-amz-id-2': hostId(about),
  };
}

export function xmlAnswer(status: number, xml: string, about = xml): S3Answer {
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`, 'utf8');
  return { status, headers: { 'content-type': 'application/xml', ...ownHeaders(about) }, body };
}

function requestId(of: string): string {
  return digest('sha1', of).slice(0, 16).toUpperCase();
}

function hostId(of: string): string {
  return createHash('sha256').update(of).digest('base64');
}

function errorAnswer(status: number, code: string, message: string, about: string): S3Answer {
  const xml =
    `<Error><Code>${code}</Code><Message>${message}</Message>${about}` +
    `<RequestId>${requestId(about)}</RequestId><HostId>${hostId(about)}</HostId></Error>`;
  return xmlAnswer(status, xml, about);
}

const accessDenied = () => errorAnswer(403, 'AccessDenied', 'Access Denied', '');

export const invalidObjectState = () =>
  errorAnswer(
    403,
    'InvalidObjectState',
    "The operation is not valid for the object's storage class",
    '<StorageClass>GLACIER</StorageClass>',
  );

export function noSuchKey(key: string): S3Answer {
  const about = `<Key>${escapeXml(key)}</Key>`;
  return errorAnswer(404, 'NoSuchKey', 'The specified key does not exist.', about);
}

export function refusal(status: number): S3Answer {
  if (status === 403) return accessDenied();
  return errorAnswer(status, 'ServiceUnavailable', 'Please reduce your request rate.', '');
}

export function invalidArgument(message: string, name: string): S3Answer {
  return errorAnswer(400, 'InvalidArgument', message, `<ArgumentName>${name}</ArgumentName>`);
}
