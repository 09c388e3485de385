// The logs of a git-annex branch, in lines as OpenNeuro's repositories have them.

import { describe, expect, test } from 'vitest';
import { parseExportLog } from '../../../../archives/openneuro/annex/export-log.ts';
import { parseRemoteLog } from '../../../../archives/openneuro/annex/remote-log.ts';
import { parseRmet } from '../../../../archives/openneuro/annex/rmet.ts';
import { deadRepositories } from '../../../../archives/openneuro/annex/trust-log.ts';
import { instantOf, parseTimestamp } from '../../../../core/protocols/git/annex-log.ts';

const S3 = '57894849-d0c8-4c62-8418-3627be18a196';
const OLD = 'c67fa55a-d9d0-4ee5-b6c3-049ee8ac6456';
const HERE = '3f4cf053-c0dc-4e15-b2e5-5512c2ac4db4';
const [T1, T2, T3] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];

describe('timestamps', () => {
  test.each([
    ['1588743361.538097946s', 1588743361538097946n],
    ['1588743361s', 1588743361000000000n],
    ['1588743361.5', 1588743361500000000n],
    ['', null],
    ['yesterday', null],
    [undefined, null],
  ])('%s', (word, expected) => {
    expect(parseTimestamp(word)).toBe(expected);
  });

  test('differ to the nanosecond, and are shown to the millisecond', () => {
    const [a, b] = ['1588743361.538097945s', '1588743361.538097946s'].map(parseTimestamp);
    expect((a as bigint) < (b as bigint)).toBe(true);
    expect(instantOf(a as bigint)).toBe('2020-05-06T05:36:01.538Z');
  });
});

describe('remote.log', () => {
  const line = (uuid: string, name: string, time: string) =>
    `${uuid} autoenable=true bucket=openneuro.org encryption=none exporttree=yes fileprefix=ds002778/ name=${name} public=yes type=S3 versioning=yes timestamp=${time}`;

  test('a remote and its configuration', () => {
    const [remote] = parseRemoteLog(`${line(S3, 's3-PUBLIC', '1588743361.538097946s')}\n`);
    expect(remote?.uuid).toBe(S3);
    expect(remote?.name).toBe('s3-PUBLIC');
    expect(remote?.config.get('fileprefix')).toBe('ds002778/');
  });

  test.each([
    ['the newest line counts, wherever it stands', ['s3-NEW 9s', 's3-OLD 1s'], 's3-NEW'],
    ['of equal times the later line', ['a 5s', 'b 5s'], 'b'],
    ['a nanosecond decides', ['a 5.000000002s', 'b 5.000000001s'], 'a'],
  ])('%s', (_, versions, expected) => {
    const log = versions.map((it) => line(S3, ...(it.split(' ') as [string, string]))).join('\n');
    expect(parseRemoteLog(log).map(({ name }) => name)).toEqual([expected]);
  });

  test('a line without a time is older than any; a value may be escaped', () => {
    const log = `${S3} name=my&32;remote&38; type=S3\n${OLD} name=x timestamp=1s\n${OLD} name=y\n`;
    expect(parseRemoteLog(log).map(({ name }) => name)).toEqual(['my remote&', 'x']);
  });

  test('no log, no remotes', () => {
    expect(parseRemoteLog('')).toEqual([]);
  });
});

describe('trust.log', () => {
  test.each([
    ['declared dead', `${OLD} X timestamp=2s\n`, [OLD]],
    ['dead, then alive again', `${OLD} X timestamp=2s\n${OLD} ? timestamp=3s\n`, []],
    ['alive, then dead, in the wrong order', `${OLD} X timestamp=3s\n${OLD} 1 timestamp=2s`, [OLD]],
    ['trusted by the oldest form, a bare uuid', `${OLD}\n`, []],
    ['untrusted', `${OLD} 0 timestamp=1s\r\n`, []],
  ])('%s', (_, log, dead) => {
    expect([...deadRepositories(log)]).toEqual(dead);
  });
});

describe('export.log', () => {
  test('the newest tree of a remote, and what was begun beside it', () => {
    const log = [
      `1590213748.042921433s ${HERE}:${S3} ${T1}`,
      `1590213750s ${HERE}:${S3} ${T2} ${T3}`,
      `1590213749s ${HERE}:${S3} ${T1} ${T2}`,
      `1590213999s ${HERE}:${OLD} ${T3}`,
    ].join('\n');
    expect(parseExportLog(log).get(S3)).toEqual({
      to: S3,
      at: 1590213750000000000n,
      tree: T2,
      incomplete: [T3],
    });
  });

  test('the newest of several clones that exported to one remote', () => {
    const log = `5s ${HERE}:${S3} ${T1}\n6s ${OLD}:${S3} ${T2}\n`;
    expect(parseExportLog(log).get(S3)?.tree).toBe(T2);
  });

  test.each([
    '',
    'garbage',
    `5s ${HERE} ${T1}`,
    `5s ${HERE}:${S3}`,
    `5s ${HERE}:${S3} main`,
    `${HERE}:${S3} ${T1}`,
  ])('%j records no export', (log) => {
    expect(parseExportLog(log).size).toBe(0);
  });
});

describe('KEY.log.rmet', () => {
  const VERSION = 'iVcEk18e3J2WQys4zr_ANaTPfpUufW4Y';
  const FILE = 'ds002778/dataset_description.json';
  const value = `${VERSION}#${FILE}`;
  const base64 = (text: string) => `!${Buffer.from(text).toString('base64')}`;

  test('a version and the object it is of', () => {
    const log = `1590213748.042921433s ${S3}:V +${value}\n`;
    expect(parseRmet(log, S3)).toEqual([{ versionId: VERSION, objectKey: FILE }]);
  });

  test('a path with a blank is written in base64', () => {
    const log = `1s ${S3}:V +${base64(`${VERSION}#ds002778/a b.txt`)}\n`;
    expect(parseRmet(log, S3)).toEqual([{ versionId: VERSION, objectKey: 'ds002778/a b.txt' }]);
  });

  test.each([
    ['taken back', `1s ${S3}:V +${value}\n2s ${S3}:V -${value}`, 0],
    ['taken back before', `2s ${S3}:V +${value}\n1s ${S3}:V -${value}`, 1],
    ['taken back in base64', `1s ${S3}:V +${value}\n2s ${S3}:V -${base64(value)}`, 0],
    ['one of two', `1s ${S3}:V +${value} +x#y\n2s ${S3}:V -x#y`, 1],
    ['of another remote', `1s ${OLD}:V +${value}`, 0],
    ['another field', `1s ${S3}:W +${value}`, 0],
    ['several fields on a line', `1s ${S3}:W +a ${S3}:V +${value}`, 1],
    ['without an object', `1s ${S3}:V +${VERSION}`, 0],
    ['nothing', '', 0],
  ])('%s', (_, log, count) => {
    expect(parseRmet(log, S3)).toHaveLength(count);
  });
});
