// Leftovers (docs/checks.md#leftovers): the suspect folders, and what the registry says of them.

import { describe, expect, test } from 'vitest';
import { datasetsQuery, readStates } from '../../../archives/openneuro/registry-dataset.ts';
import { leftoversOf, suspects } from '../../../archives/openneuro/rules/leftovers.ts';

test('suspects are dataset folders that the registry does not know', () => {
  const folders = ['ds000003', 'ds000001', 'logs', 'ds000002', 'ds00000x', 'ds000003'];
  expect(suspects(folders, new Set(['ds000001']))).toEqual(['ds000002', 'ds000003']);
});

test('a dataset that is public after all is no leftover', () => {
  const answers = new Map([
    ['ds000002', 'deleted'],
    ['ds000001', 'public'],
    ['ds000000', 'unknown'],
  ] as const);
  expect(leftoversOf(answers)).toEqual([
    { id: 'ds000000', state: 'unknown' },
    { id: 'ds000002', state: 'deleted' },
  ]);
});

describe("the registry's answers", () => {
  const ids = ['ds000001', 'ds000002'];
  const read = (answer: unknown) => readStates(ids, answer);
  const error = (id: string, message: string, extensions = {}) => ({
    message,
    path: [id],
    extensions,
  });

  test.each([
    ['Dataset ds000001 has been deleted. Reason: Consent was withdrawn.', {}, 'deleted'],
    ['gone', { code: 'DELETED_DATASET', redirect: '/datasets/ds000009' }, 'deleted'],
    ['You do not have access to read this dataset.', {}, 'not-public'],
    ['Dataset ds000001 does not exist.', {}, 'unknown'],
    ['Dataset ds000001 not found', {}, 'unknown'],
  ])('"%s"', (message, extensions, state) => {
    const answer = read({
      data: { ds000001: null, ds000002: { id: 'ds000002', public: true } },
      errors: [error('ds000001', message, extensions)],
    });
    expect(answer).toEqual({
      kind: 'seen',
      value: new Map([
        ['ds000001', state],
        ['ds000002', 'public'],
      ]),
    });
  });

  test('nothing is said about a broken entry', () => {
    const answer = read({
      data: { ds000001: null, ds000002: { id: 'ds000002', public: true } },
      errors: [error('ds000001', 'Cannot read snapshots of ds000001')],
    });
    expect(answer).toMatchObject({ value: new Map([['ds000002', 'public']]) });
  });

  test.each([
    ['a number', 7],
    ['a dataset without id', { public: true }],
    ['another dataset', { id: 'ds000009', public: true }],
  ])('%s says nothing about a dataset, and affects no other', (_, odd) => {
    const data = { ds000001: odd, ds000002: { id: 'ds000002', public: true } };
    expect(read({ data })).toEqual({ kind: 'seen', value: new Map([['ds000002', 'public']]) });
  });

  test('null without an error, and a dataset that is not public', () => {
    const data = { ds000001: null, ds000002: { id: 'ds000002', public: null } };
    expect(read({ data })).toMatchObject({
      value: new Map([
        ['ds000001', 'unknown'],
        ['ds000002', 'not-public'],
      ]),
    });
  });

  test.each([
    ['an error about everything', { errors: [{ message: 'down' }] }],
    ['a dataset left out', { data: { ds000001: null } }],
    ['no answer', { data: null }],
    ['something else', []],
  ])('%s is a failed measurement', (_, result) => {
    expect(readStates(ids, result)).toMatchObject({ kind: 'failed', reason: 'malformed' });
  });

  test('only ids enter a question', () => {
    expect(datasetsQuery(['ds000001'])).toContain('ds000001: dataset(id: "ds000001")');
    expect(() => datasetsQuery(['ds1"){x}'])).toThrow(TypeError);
  });
});
