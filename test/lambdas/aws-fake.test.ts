// The in-memory clients: conditions as DynamoDB evaluates them, and everything unknown is refused.
// test/aws/store.test.ts asks an emulator whether S3 and DynamoDB behave so.

import { describe, expect, test } from 'vitest';
import { fakeCloud } from '../support/aws/cloud.ts';
import { checkPlaceholders, holds, updated } from '../support/aws/expressions.ts';

const ITEM = { pk: 'CHECK#ds000001', n: 5, text: 'b', start: '2026', none: null };

describe('a condition', () => {
  test.each<[string, boolean]>([
    ['n = :five', true],
    ['n = :text', false],
    ['n <> :text', true],
    ['n < :five', false],
    ['n <= :five AND n >= :five', true],
    ['text > :text', true],
    ['absent = :five', false],
    ['absent < :five', false],
    ['absent <> :five', true],
    ['attribute_exists(n)', true],
    ['attribute_exists(none)', true],
    ['attribute_exists(absent)', false],
    ['attribute_not_exists(absent)', true],
    ['begins_with(pk, :check)', true],
    ['begins_with(n, :check)', false],
    ['begins_with(text, :check)', false],
    ['#start = :five OR n = :five', true],
    ['n = :text OR n = :text AND n = :five', false],
    ['n = :five OR n = :text AND n = :text', true],
    ['(n = :five OR n = :text) AND n = :text', false],
    ['NOT n = :text AND n = :five', true],
  ])('%s: %s', (expression, expected) => {
    const values = { ':five': 5, ':text': 'a', ':check': 'CHECK#' };
    expect(holds(expression, ITEM, { names: { '#start': 'start' }, values })).toBe(expected);
  });

  test.each([
    'n =',
    'n = :five n',
    'n ~ :five',
    'size(n) = :five',
    '(n = :five',
    'n BETWEEN :five',
    '',
  ])('that is not understood is refused: %j', (expression) => {
    expect(() => holds(expression, ITEM, { values: { ':five': 5 } })).toThrow();
  });

  test('a condition on a missing item sees no attribute', () => {
    expect(holds('attribute_not_exists(pk)', undefined, {})).toBe(true);
    expect(holds('n = :five', undefined, { values: { ':five': 5 } })).toBe(false);
  });

  test('names what it uses and uses what it names', () => {
    expect(() => checkPlaceholders(['a = :a'], {})).toThrow(':a is not defined');
    expect(() => checkPlaceholders(['#b = :a'], { values: { ':a': 1 } })).toThrow('#b');
    expect(() => checkPlaceholders(['a = :a'], { values: { ':a': 1, ':b': 2 } })).toThrow(
      ':b is unused',
    );
  });
});

test('an update sets and removes what it names, and is refused when it does more', () => {
  const names = { names: { '#start': 'start' }, values: { ':a': 1, ':b': 'x' } };
  expect(updated('SET n = :a, #start = :b', ITEM, names)).toEqual({ ...ITEM, n: 1, start: 'x' });
  expect(() => updated('SET n = n + :a', ITEM, names)).toThrow();
  const { n, text, ...rest } = ITEM;
  expect(updated('SET n = :a REMOVE text, absent', ITEM, names)).toEqual({ ...rest, n: 1 });
  expect(updated('REMOVE n, text', ITEM, names)).toEqual(rest);
  expect(updated('SET text = :b ADD n :a, more :a', ITEM, names)).toEqual({
    ...ITEM,
    ...{ text: 'x', n: ITEM.n + 1, more: 1 },
  });
  for (const refused of ['', 'REMOVE', 'REMOVE :a', 'REMOVE n SET n = :a', 'DELETE n :a']) {
    expect(() => updated(refused, ITEM, names), refused).toThrow();
  }
});

test('a parameter that may be a condition is not ignored, nor a command that is not known', async () => {
  const { clients, bucket, table } = fakeCloud();
  const { s3, dynamo } = clients();
  class PutObjectCommand {
    readonly input = { Bucket: bucket, Key: 'a', Body: Buffer.from(''), IfNoneMatch: '*', Lock: 1 };
  }
  class BatchGetCommand {
    readonly input = { TableName: table };
  }
  await expect(s3.send(new PutObjectCommand() as never)).rejects.toThrow('does not know Lock');
  await expect(dynamo.send(new BatchGetCommand() as never)).rejects.toThrow(
    'does not know BatchGet',
  );
});

test('a forked cloud is independent, and the original stays unchanged', async () => {
  const cloud = fakeCloud();
  class PutCommand {
    readonly input = { TableName: cloud.table, Item: { pk: 'a', sk: 'b', deep: { n: 1 } } };
  }
  const put = new PutCommand();
  await cloud.clients().dynamo.send(put as never);
  put.input.Item.deep.n = 2;
  const fork = cloud.fork();
  await fork.clients().dynamo.send(put as never);
  expect(cloud.items.get('a\0b')).toMatchObject({ deep: { n: 1 } });
  expect(fork.items.get('a\0b')).toMatchObject({ deep: { n: 2 } });
});
