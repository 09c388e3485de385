// Faults that only OpenNeuro's registry can have, and the kind of each request.

import { expect, test } from 'vitest';
import { FAULTS, type FaultRule } from '../../../../archives/openneuro/sample/faults.ts';
import { generateArchive } from '../../../../archives/openneuro/sample/generate.ts';
import { routesOf } from '../../../../archives/openneuro/sample/server.ts';
import { askedOf, replyTo } from '../../../../sample/route.ts';
import { askPage, askRegistry, serve } from './asking.ts';

const always = (kind: FaultRule['kind'], fault: FaultRule['fault']): FaultRule => ({
  kind,
  fault,
  rate: 1,
});

test('missing-page: a page of the registry has no edges, and its count shows that', async () => {
  await using server = await serve(generateArchive({ datasets: 3 }), {
    faults: [always('registry', 'missing-page')],
  });
  const { edges, pageInfo } = (await askPage(server, 10)).data.datasets;
  expect([edges.length, pageInfo.count]).toEqual([0, 3]);
});

test('null-edge: only the named dataset is null', async () => {
  await using server = await serve(generateArchive({ datasets: 3 }), {
    faults: [{ ...always('registry', 'null-edge'), datasets: ['ds900002'] }],
  });
  const { data, errors } = await askPage(server, 10);
  expect(data.datasets.edges.map((edge) => edge?.node?.id)).toEqual([
    'ds900001',
    undefined,
    'ds900003',
  ]);
  expect(errors?.length).toBe(1);
});

test.each(['garbage', 'html'] as const)('%s: a 200 that is no answer', async (fault) => {
  await using server = await serve(generateArchive({ datasets: 1 }), {
    faults: [always('registry', fault)],
  });
  const answer = await askRegistry(server, 10);
  expect(answer.status).toBe(200);
  await expect(answer.json()).rejects.toThrow();
});

test.each([
  { url: '/crn/graphql', body: '', kind: 'registry' },
  { url: '/git/ds1.git/info/refs?service=git-upload-pack', body: '', kind: 'refs' },
  { url: '/git/ds1.git/git-upload-pack', body: '0014command=ls-refs\n', kind: 'refs' },
  { url: '/git/ds1.git/git-upload-pack', body: '0012command=fetch\n', kind: 'tree' },
  { url: '/openneuro.org?list-type=2', body: '', kind: 'listing' },
  { url: '/openneuro.org/ds1/dataset_description.json', body: '', kind: 'description' },
  { url: '/git/ds1.git/HEAD', body: '', kind: undefined },
])('$url is of kind $kind', ({ url, body, kind }) => {
  const asked = askedOf('POST', url, {}, Buffer.from(body));
  expect(replyTo(routesOf({ datasets: [] }), asked)?.kind).toBe(kind);
});

test('every fault has a line of help', () => {
  for (const text of Object.values(FAULTS)) expect(text).not.toBe('');
});
