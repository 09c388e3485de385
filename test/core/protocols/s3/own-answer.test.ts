// The origin of an answer: S3 itself, or something between here and there.

import { describe, expect, test } from 'vitest';
import type { HttpAnswer } from '../../../../core/http.ts';
import { errorCodeOf, meaningOfError } from '../../../../core/protocols/s3/own-answer.ts';
import { errorDocument } from './bucket.ts';

const answer = (status: number, body: string): HttpAnswer =>
  ({
    status,
    headers: { 'content-type': 'application/xml' },
    body: Buffer.from(body),
  }) as unknown as HttpAnswer;
const NOT_KNOWN = { kind: 'failed', reason: 'malformed' };

describe('what an error document of S3 means', () => {
  test.each([
    [403, 'AccessDenied', { kind: 'denied', status: 403 }],
    [403, 'AllAccessDisabled', { kind: 'denied', status: 403 }],
    [403, 'InvalidObjectState', { kind: 'archived' }],
    [404, 'NoSuchKey', { kind: 'absent' }],
    [400, 'AccessDenied', NOT_KNOWN],
    [404, 'InvalidObjectState', NOT_KNOWN],
    [403, 'RequestTimeTooSkewed', NOT_KNOWN],
    [403, 'NoSuchKey', NOT_KNOWN],
    [404, 'NoSuchBucket', NOT_KNOWN],
  ])('HTTP %i with %s', (status, code, meaning) => {
    expect(meaningOfError(answer(status, errorDocument(code)))).toMatchObject(meaning);
  });
});

describe('a document is S3’s own', () => {
  const error = '<Error><Code>NoSuchKey</Code></Error>';
  test.each([
    ['without a declaration', error],
    ['right behind one', `<?xml version="1.0"?>${error}`],
    ['some lines behind one', `<?xml version="1.0" encoding="UTF-8"?>\n\n  ${error}`],
    ['in white space', ` \n${error}\n `],
    ['behind a byte order mark', `\ufeff${error}`],
    ['with attributes', error.replace('<Error>', '<Error xmlns="http://s3" id="1">')],
    ['in lines', error.replaceAll('><', '>\n  <')],
    ['as long as any', `${error}${' '.repeat(16_384 - error.length)}`],
  ])('%s', (_, body) => {
    expect(errorCodeOf(answer(404, body))).toBe('NoSuchKey');
  });

  test.each([
    ['longer than any', `${error}${' '.repeat(16_385 - error.length)}`],
    ['with something before', `x${error}`],
    ['with something behind', `${error}x`],
    ['of another name', error.replaceAll('Error', 'ErrorPage')],
    ['with a mark in its code', error.replace('NoSuch', 'NoSuch\ufeff')],
  ])('but not one %s', (_, body) => {
    expect(errorCodeOf(answer(404, body))).toBeNull();
  });
});
