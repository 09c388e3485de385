// Every query against the schema of the registry.

import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { datasetsQuery } from '../../../archives/openneuro/registry-dataset.ts';
import { DEPRECATED_QUERY } from '../../../archives/openneuro/registry-deprecated.ts';
import { PAGE_QUERY } from '../../../archives/openneuro/registry-page.ts';
import { REGISTRY_SCHEMA } from '../../../archives/openneuro/registry-schema.ts';
import { makePublic, showTag } from '../../../archives/openneuro/rules/cause-commands.ts';
import { OPENNEURO } from '../../support/stage-context.ts';

/** A printed command's request to the registry. */
const asked = (command: string | null) =>
  JSON.parse(/--data '(.*)'/.exec(command ?? '')?.[1] ?? '{}').query;
const schema = buildSchema(REGISTRY_SCHEMA);
const faultsOf = (query: string) => validate(schema, parse(query)).map(({ message }) => message);

test.each([
  ['a page of datasets', PAGE_QUERY],
  ['datasets by id', datasetsQuery(['ds000001', 'ds000117'])],
  ['whether a snapshot is deprecated', DEPRECATED_QUERY],
  ['one snapshot', asked(showTag(OPENNEURO, 'ds000001', '1.0.0'))],
  ['making a dataset public', asked(makePublic(OPENNEURO, 'ds000001'))],
])('the query for %s is one that the schema allows', (_, query) => {
  expect(faultsOf(query)).toEqual([]);
});

test('a field that the schema does not have is noticed', () => {
  expect(faultsOf(PAGE_QUERY.replace('hexsha', 'hexSha'))).toEqual([
    expect.stringContaining('Cannot query field "hexSha" on type "Snapshot"'),
  ]);
});
