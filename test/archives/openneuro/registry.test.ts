import { gzipSync } from 'node:zlib';
import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { isDatasetId } from '../../../archives/openneuro/ids.ts';
import { createRegistrySource } from '../../../archives/openneuro/registry.ts';
import { createHttpClient } from '../../../core/http.ts';
import { type Handler, serve, serveRaw } from '../../core/http/servers.ts';
import { fakeClock } from '../../support/clock.ts';

const SHA = '4a6a1011be9f44cb5ccb8ac83b80320f73102a32';

function snapshot(tag: string) {
  return { tag, created: '2026-02-08T08:22:37.000Z', hexsha: SHA };
}

function edge(id: string, changes: object = {}) {
  const node = { id, name: `Study ${id}`, latestSnapshot: snapshot('1.0.0') };
  return { node: { ...node, snapshots: [snapshot('1.0.0')], ...changes } };
}

function result(edges: unknown, pageInfo: object = {}, errors?: unknown) {
  const info = { hasNextPage: false, endCursor: null, count: 1, ...pageInfo };
  return { data: { datasets: { edges, pageInfo: info } }, ...(errors !== undefined && { errors }) };
}

/** A registry whose n-th answer is the n-th of these; the last one repeats. */
function answering(...answers: unknown[]): Handler {
  return (_request, response, nth) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(answers[Math.min(nth, answers.length) - 1]));
  };
}

async function read(url: string, options: { token?: string; pageSize?: number } = {}) {
  const http = createHttpClient({ clock: fakeClock(), retry: { tries: 2 } });
  return Array.fromAsync(createRegistrySource({ http, url, ...options }).pages());
}

async function readOne(answer: unknown) {
  const server = await serve(answering(answer));
  return read(server.url);
}

describe('pages', () => {
  test('the next page is on its way while one is made use of', async () => {
    const second = Promise.withResolvers<void>();
    const pages = answering(
      result([edge('ds000001')], { hasNextPage: true, endCursor: 'A', count: 2 }),
      result([edge('ds000002')], { endCursor: 'B', count: 2 }),
    );
    const server = await serve((request, response, nth) => {
      if (nth === 2) second.resolve();
      pages(request, response, nth);
    });
    const http = createHttpClient({ clock: fakeClock(), retry: { tries: 1 } });
    let seen = 0;
    for await (const _ of createRegistrySource({ http, url: server.url }).pages()) {
      // It would wait forever for a page that is requested only after this one.
      await second.promise;
      seen += 1;
    }
    expect(seen).toBe(2);
  });

  test('every page is requested with the cursor of the one before, and yielded in order', async () => {
    const asked: { query: string; variables: object }[] = [];
    const pages = answering(
      result([edge('ds000001'), edge('ds000002')], { hasNextPage: true, endCursor: 'A', count: 3 }),
      result([edge('ds000003')], { endCursor: 'B', count: 3 }),
    );
    const server = await serve((request, response, nth) => {
      asked.push(JSON.parse(request.text));
      pages(request, response, nth);
    });
    const events = await read(server.url, { pageSize: 2 });
    expect(events).toMatchObject([
      { kind: 'seen', value: { datasets: [{ id: 'ds000001' }, { id: 'ds000002' }], count: 3 } },
      { kind: 'seen', value: { datasets: [{ id: 'ds000003' }], broken: [], count: 3 } },
    ]);
    expect(asked.map(({ variables }) => variables)).toEqual([
      { first: 2 },
      { first: 2, after: 'A' },
    ]);
    expect(() => parse(asked[0]?.query ?? '')).not.toThrow();
    expect(asked[0]?.query).toContain('orderBy: { created: ascending }');
    expect(asked[0]?.query).toContain('filterBy: { public: true }');
  });

  test('a dataset keeps its name as it is and its snapshots in the order of the registry', async () => {
    const name = '=cmd|"<script>"\u202e ../ \u{1f9e0}';
    const snapshots = ['57fed018cce88d000ac1757f', '00001', '1.1.0', '1.2.0'].map(snapshot);
    const latestSnapshot = snapshot('1.2.0');
    const events = await readOne(result([edge('ds002680', { name, latestSnapshot, snapshots })]));
    expect(events).toEqual([
      {
        kind: 'seen',
        value: {
          datasets: [{ id: 'ds002680', name, latestSnapshot: '1.2.0', snapshots }],
          broken: [],
          count: 1,
          notes: [],
          next: null,
        },
      },
    ]);
  });

  test('a dataset without a name or snapshots is still a dataset', async () => {
    const none = { name: null, latestSnapshot: null, snapshots: [] };
    expect(await readOne(result([edge('ds000001', none)]))).toMatchObject([
      { value: { datasets: [{ id: 'ds000001', ...none }], broken: [] } },
    ]);
  });

  test('a date of publication is taken where it is one, and is missed nowhere', async () => {
    const dates = {
      ds000001: '2026-02-08T09:22:37.000+01:00',
      ds000002: null,
      ds000003: 'yesterday',
      ds000004: 1_700_000_000,
      ds000005: '2026-02-08',
    };
    const edges = Object.entries(dates).map(([id, publishDate]) => edge(id, { publishDate }));
    const errors = [{ message: 'no date', path: ['datasets', 'edges', 1, 'node', 'publishDate'] }];
    const [page] = await readOne(result([...edges, edge('ds000006')], { count: 6 }, errors));
    if (page?.kind !== 'seen') throw new Error('no page');
    expect(page.value.broken).toEqual([]);
    expect(page.value.datasets.map(({ publishDate }) => publishDate ?? null)).toEqual([
      '2026-02-08T08:22:37.000Z',
      ...[null, null, null, null, null],
    ]);
  });

  test('a registry without datasets is seen, not failed', async () => {
    expect(await readOne(result([], { count: 0 }))).toMatchObject([
      { kind: 'seen', value: { datasets: [], broken: [], count: 0 } },
    ]);
  });
});

describe('one broken entry', () => {
  const HOSTILE = '../../etc/passwd';
  test.each([
    { what: 'a null edge', entry: null, id: null },
    { what: 'a null node', entry: { node: null }, id: null },
    { what: 'a string for an edge', entry: 'ds000002', id: null },
    { what: 'an id that is a path', entry: edge(HOSTILE), id: null },
    { what: 'an id with a newline', entry: edge('ds000002\n'), id: null },
    { what: 'no id', entry: edge('ds000002', { id: undefined }), id: null },
    { what: 'null snapshots', entry: edge('ds000002', { snapshots: null }), id: 'ds000002' },
    {
      what: 'no word of snapshots',
      entry: edge('ds000002', { snapshots: undefined }),
      id: 'ds000002',
    },
    {
      what: 'null snapshots and no latest one',
      entry: edge('ds000002', { snapshots: null, latestSnapshot: null }),
      id: 'ds000002',
    },
    {
      what: 'a latest snapshot without a tag',
      entry: edge('ds000002', { latestSnapshot: { hexsha: SHA } }),
      id: 'ds000002',
    },
    {
      what: 'no word of a latest snapshot',
      entry: edge('ds000002', { latestSnapshot: undefined }),
      id: 'ds000002',
    },
    {
      what: 'a latest snapshot whose tag is a path, and no other',
      entry: edge('ds000002', {
        latestSnapshot: snapshot(HOSTILE),
        snapshots: [snapshot(HOSTILE)],
      }),
      id: 'ds000002',
    },
    {
      what: 'a latest snapshot that the list lacks',
      entry: edge('ds000002', { latestSnapshot: snapshot('1.0.1') }),
      id: 'ds000002',
    },
    {
      what: 'a latest snapshot and an empty list',
      entry: edge('ds000002', { snapshots: [] }),
      id: 'ds000002',
    },
    {
      what: 'a draft for the latest, after a snapshot that cannot be read',
      entry: edge('ds000002', {
        latestSnapshot: snapshot('HEAD'),
        snapshots: [snapshot('1.0.0'), null],
      }),
      id: 'ds000002',
    },
  ])('$what is reported, and the rest kept', async ({ entry, id }) => {
    const events = await readOne(result([edge('ds000001'), entry, edge('ds000003')], { count: 3 }));
    expect(events).toMatchObject([
      {
        kind: 'seen',
        value: {
          datasets: [{ id: 'ds000001' }, { id: 'ds000003' }],
          broken: [{ id, detail: expect.stringMatching(/./) }],
          count: 3,
        },
      },
    ]);
  });

  test.each([
    { what: 'null edge', entry: null, rest: [], id: null },
    {
      what: 'null latest snapshot',
      entry: edge('ds000002', { latestSnapshot: null }),
      rest: ['node', 'latestSnapshot'],
      id: 'ds000002',
    },
    {
      what: 'null list of snapshots',
      entry: edge('ds000002', { snapshots: null }),
      rest: ['node', 'snapshots'],
      id: 'ds000002',
    },
    {
      what: 'dataset that looks whole',
      entry: edge('ds000002'),
      rest: ['node', 'id'],
      id: 'ds000002',
    },
  ])(
    'a $what with an error is reported once, in the registry’s words',
    async ({ entry, rest, id }) => {
      const path = ['datasets', 'edges', 1, ...rest];
      const errors = [
        { message: 'worker\nunreachable\u202e', path },
        { message: 'and again', path },
      ];
      const events = await readOne(result([edge('ds000001'), entry], { count: 2 }, errors));
      expect(events).toMatchObject([
        {
          kind: 'seen',
          value: {
            datasets: [{ id: 'ds000001' }],
            broken: [{ id, detail: 'worker unreachable ' }],
          },
        },
      ]);
    },
  );
});

describe('one odd field affects nothing else', () => {
  const OTHER = 'b'.repeat(40);
  const AT = '2026-02-08T08:22:37.000Z';
  const [old, latest] = [snapshot('1.0.0'), snapshot('1.0.1')];
  const readEdge = async (changes: object, complaints: readonly unknown[][] = []) => {
    const place = ['datasets', 'edges', 0, 'node'];
    const errors = complaints.map((rest) => ({ message: 'timed out', path: [...place, ...rest] }));
    const given = edge('ds000001', {
      latestSnapshot: latest,
      snapshots: [old, latest],
      ...changes,
    });
    const [event] = await readOne(result([given], {}, errors.length > 0 ? errors : undefined));
    if (event?.kind !== 'seen') throw new Error(JSON.stringify(event));
    return event.value;
  };

  test.each([
    { what: 'null', hexsha: null, kept: null },
    { what: 'absent', hexsha: undefined, kept: null },
    { what: 'a name', hexsha: 'HEAD', kept: null },
    { what: 'cut', hexsha: SHA.slice(0, 7), kept: null },
    { what: 'a number', hexsha: 7, kept: null },
    { what: 'in capitals', hexsha: SHA.toUpperCase(), kept: SHA },
  ])('a hexsha that is $what', async ({ hexsha, kept }) => {
    const { datasets, broken, notes } = await readEdge({ snapshots: [{ ...old, hexsha }, latest] });
    expect(datasets[0]?.snapshots).toEqual([{ ...old, hexsha: kept }, latest]);
    expect([broken, notes]).toEqual([[], []]);
  });

  test.each([
    { what: 'null', created: null, kept: null },
    { what: 'absent', created: undefined, kept: null },
    { what: 'a word', created: 'yesterday', kept: null },
    { what: 'a number', created: 1_770_538_957, kept: null },
    { what: 'of another zone', created: '2026-02-08T09:22:37+01:00', kept: AT },
  ])('a date that is $what', async ({ created, kept }) => {
    const { datasets, broken } = await readEdge({ snapshots: [{ ...old, created }, latest] });
    expect(datasets[0]?.snapshots).toEqual([{ ...old, created: kept }, latest]);
    expect(broken).toEqual([]);
  });

  test('a name is one line, and not a long one', async () => {
    const name = `two\nlines${'x'.repeat(10_000)}`;
    const [dataset] = (await readEdge({ name })).datasets;
    expect(dataset?.name).toMatch(/^two linesx+…$/);
    expect(dataset?.name).toHaveLength(300);
  });

  test.each([null, undefined, 7])('a name that is %j', async (name) => {
    expect((await readEdge({ name })).datasets[0]).toMatchObject({ id: 'ds000001', name: null });
  });

  test.each([
    { what: 'null', entry: null, note: 'ds000001: a broken snapshot; left out' },
    { what: 'a text', entry: '1.0.0', note: 'ds000001: a broken snapshot; left out' },
    {
      what: 'tagged with a path',
      entry: snapshot('../../etc\u202e\n'),
      note: `ds000001: the snapshot "../../etc " has a tag that can be no folder's name; left out`,
    },
  ])('a snapshot that is $what hides itself and says so', async ({ entry, note }) => {
    const { datasets, broken, notes } = await readEdge({ snapshots: [entry, latest] });
    expect(datasets[0]).toMatchObject({ latestSnapshot: '1.0.1', snapshots: [latest] });
    expect([broken, notes]).toEqual([[], [note]]);
  });

  test.each([
    { what: 'and in the list', latestSnapshot: snapshot('1.0.2 (final)'), listed: true },
    { what: 'and not in the list', latestSnapshot: snapshot('1.0.2 (final)'), listed: false },
    { what: 'and a draft for the latest', latestSnapshot: null, listed: true },
  ])('an odd newest tag, $what, hides itself alone', async ({ latestSnapshot, listed }) => {
    const odd = listed ? [snapshot('1.0.2 (final)')] : [];
    const { datasets, broken, notes } = await readEdge({
      latestSnapshot,
      snapshots: [old, latest, ...odd],
    });
    expect(datasets[0]).toMatchObject({
      latestSnapshot: '1.0.1',
      snapshots: [old, latest],
      inDoubt: true,
    });
    const named = `ds000001: the snapshot "1.0.2 (final)" has a tag that can be no folder's name; left out`;
    expect([broken, notes]).toEqual([[], [named]]);
  });

  test('a latest snapshot that is broken in the list is whole all the same', async () => {
    const { datasets } = await readEdge({ snapshots: [old, null] });
    expect(datasets[0]).toMatchObject({ latestSnapshot: '1.0.1', snapshots: [old, latest] });
  });

  test.each([
    { what: 'alike', twice: [latest, latest], hexsha: SHA },
    { what: 'once without hexsha', twice: [{ ...latest, hexsha: null }, latest], hexsha: SHA },
    { what: 'at two commits', twice: [latest, { ...latest, hexsha: OTHER }], hexsha: null },
    {
      what: 'at two commits, and again',
      twice: [latest, { ...latest, hexsha: OTHER }, latest],
      hexsha: null,
    },
  ])('a tag that is listed twice, $what, counts once', async ({ twice, hexsha }) => {
    const { datasets, broken } = await readEdge({ snapshots: [old, ...twice] });
    expect(datasets[0]?.snapshots).toEqual([old, { ...latest, hexsha }]);
    expect(broken).toEqual([]);
  });

  test.each([
    { what: 'HEAD', draft: { tag: 'HEAD', created: AT, hexsha: null } },
    { what: 'a commit', draft: snapshot(OTHER) },
    { what: 'null', draft: null },
  ])('with the draft $what for the latest, the last snapshot is the latest', async ({ draft }) => {
    const { datasets } = await readEdge({ latestSnapshot: draft });
    expect(datasets[0]).toMatchObject({ latestSnapshot: '1.0.1', snapshots: [old, latest] });
    const none = { latestSnapshot: null, snapshots: [] };
    expect((await readEdge({ latestSnapshot: draft, snapshots: [] })).datasets).toMatchObject([
      none,
    ]);
  });

  test('a draft shows that there are no snapshots, where no list does', async () => {
    const { datasets } = await readEdge({ latestSnapshot: snapshot('HEAD'), snapshots: null });
    expect(datasets).toMatchObject([{ latestSnapshot: null, snapshots: [] }]);
  });

  test.each([
    { what: 'the name', rest: ['name'] },
    { what: "a snapshot's hexsha", rest: ['snapshots', 0, 'hexsha'] },
    { what: "a snapshot's date", rest: ['snapshots', 1, 'created'] },
    { what: "the latest snapshot's hexsha", rest: ['latestSnapshot', 'hexsha'] },
  ])('an error about $what is reported, and the entry kept', async ({ rest }) => {
    const { datasets, broken, notes } = await readEdge({}, [rest]);
    expect(datasets[0]?.snapshots).toEqual([old, latest]);
    expect([broken, notes]).toEqual([[], ['ds000001: timed out']]);
  });

  test('an error about a snapshot hides that snapshot', async () => {
    const { datasets, notes } = await readEdge({}, [['snapshots', 0, 'tag']]);
    expect(datasets[0]?.snapshots).toEqual([latest]);
    expect(notes).toHaveLength(2);
  });

  test.each([
    { what: 'null', count: null, errors: undefined, notes: [] },
    { what: 'a text', count: 'many', errors: undefined, notes: [] },
    {
      what: 'null with an error',
      count: null,
      errors: [{ message: 'slow', path: ['datasets', 'pageInfo', 'count'] }],
      notes: ['the count: slow'],
    },
  ])('a count that is $what is not known', async ({ count, errors, notes }) => {
    expect(await readOne(result([edge('ds000001')], { count }, errors))).toMatchObject([
      { kind: 'seen', value: { datasets: [{ id: 'ds000001' }], count: null, notes } },
    ]);
  });
});

describe('no page at all is a failed measurement', () => {
  const page = result([edge('ds000001')]);
  test.each([
    { what: 'data null with an error', answer: { data: null, errors: [{ message: 'down' }] } },
    { what: 'datasets null', answer: { data: { datasets: null } } },
    { what: 'edges null', answer: result(null) },
    { what: 'an error about no entry', answer: { ...page, errors: [{ message: 'half a page' }] } },
    {
      what: 'an error about an entry that is not there',
      answer: { ...page, errors: [{ message: 'x', path: ['datasets', 'edges', 5] }] },
    },
    { what: 'errors that are no list', answer: { ...page, errors: {} } },
    { what: 'invalid extensions', answer: { ...page, extensions: null } },
    { what: 'a list of pages', answer: [page] },
    { what: 'a bare string', answer: 'no' },
    { what: 'more, and no cursor', answer: result([edge('ds000001')], { hasNextPage: true }) },
    { what: 'more, on an empty page', answer: result([], { hasNextPage: true, endCursor: 'A' }) },
  ])('$what', async ({ answer }) => {
    expect(await readOne(answer)).toMatchObject([{ kind: 'failed', reason: 'malformed' }]);
  });

  test.each([
    { what: 'a page of HTML', status: 200, body: '<html>Sorry</html>', reason: 'malformed' },
    { what: 'half a page', status: 200, body: '{"data":{"datasets":', reason: 'cut-short' },
    { what: 'nothing', status: 200, body: '', reason: 'cut-short' },
    { what: 'a refusal', status: 403, body: '{"errors":[]}', reason: 'malformed' },
    { what: 'a 404', status: 404, body: JSON.stringify(page), reason: 'malformed' },
    { what: 'another 2xx', status: 204, body: '', reason: 'malformed' },
    { what: 'a server error', status: 502, body: '<html>', reason: 'http-5xx' },
    { what: 'a refusal for now', status: 429, body: '', reason: 'throttled' },
  ])('$what ($status) is $reason', async ({ status, body, reason }) => {
    const server = await serve((_request, response) => response.writeHead(status).end(body));
    expect(await read(server.url)).toMatchObject([{ kind: 'failed', reason }]);
  });

  test('a cut body under a 200', async () => {
    const server = await serveRaw((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n${JSON.stringify(page)}`),
    );
    expect(await read(server.url)).toMatchObject([{ kind: 'failed', reason: 'cut-short' }]);
  });

  test('a later page that fails ends the reading after the good ones', async () => {
    const first = result([edge('ds000001')], { hasNextPage: true, endCursor: 'A', count: 2 });
    const server = await serve(answering(first, { data: null }));
    expect(await read(server.url)).toMatchObject([
      { kind: 'seen' },
      { kind: 'failed', reason: 'malformed' },
    ]);
  });

  test.each([
    { what: 'the same cursor again', cursors: ['A', 'A'] },
    { what: 'a longer circle', cursors: ['A', 'B', 'A'] },
  ])('$what never ends, and so is left', async ({ cursors }) => {
    const pages = cursors.map((endCursor) =>
      result([edge('ds000001')], { hasNextPage: true, endCursor }),
    );
    const server = await serve(answering(...pages));
    const events = await read(server.url);
    expect(events.map(({ kind }) => kind)).toEqual([...cursors.map(() => 'seen'), 'failed']);
    expect(events.at(-1)).toMatchObject({ reason: 'malformed' });
  });
});

test('a page that is broken once is requested again', async () => {
  const server = await serve(answering({ data: null }, result([edge('ds000001')])));
  expect(await read(server.url)).toMatchObject([{ kind: 'seen' }]);
  expect(server.asked).toBe(2);
});

test('a compressed page is understood', async () => {
  const server = await serve((request, response) => {
    expect(request.headers['accept-encoding']).toContain('gzip');
    response.setHeader('Content-Encoding', 'gzip');
    response.end(gzipSync(JSON.stringify(result([edge('ds000001')]))));
  });
  expect(await read(server.url)).toMatchObject([{ value: { datasets: [{ id: 'ds000001' }] } }]);
});

test.each([
  { token: undefined, header: undefined },
  { token: '', header: undefined },
  { token: ' \n', header: undefined },
  { token: 'abc.def\n', header: 'Bearer abc.def' },
])('token $token is sent as $header', async ({ token, header }) => {
  const heard: unknown[] = [];
  const server = await serve((request, response, nth) => {
    heard.push(request.headers.authorization);
    answering(result([edge('ds000001')]))(request, response, nth);
  });
  await read(server.url, token === undefined ? {} : { token });
  expect(heard).toEqual([header]);
});

test.each([401, 403])(
  'a registry that answers %i with the token and without is no fact',
  async (status) => {
    const heard: unknown[] = [];
    const server = await serve((request, response) => {
      heard.push(request.headers.authorization);
      response.writeHead(status).end();
    });
    expect(await read(server.url, { token: 'old' })).toMatchObject([
      { kind: 'failed', reason: 'credentials-refused' },
    ]);
    expect(heard).toEqual(['Bearer old', undefined]);
  },
);

test('an aborted reading rejects with the reason', async () => {
  const given = new AbortController();
  const reason = new Error('Ctrl-C');
  const server = await serve(() => given.abort(reason));
  const http = createHttpClient({ clock: fakeClock() });
  const pages = createRegistrySource({ http, url: server.url }).pages(given.signal);
  await expect(Array.fromAsync(pages)).rejects.toBe(reason);
});

test.each([
  ['ds000117', true],
  ['ds117', false],
  ['ds0001170', false],
  ['DS000117', false],
  ['ds000117\n', false],
  ['../ds000117', false],
  ['ds٠٠٠١١٧', false],
  ['', false],
])('%j is a dataset id: %s', (text, expected) => {
  expect(isDatasetId(text)).toBe(expected);
});

describe('single datasets', () => {
  test.each([
    ['half an answer', '{"data": {"ds0000', 'cut-short'],
    ['a page for people', '<p>Welcome', 'malformed'],
    ['nothing of the dataset', '{"data": {}}', 'malformed'],
  ])('%s is a failed measurement, after a retry', async (_, body, reason) => {
    let asked = 0;
    const server = await serve((_request, response) => {
      asked += 1;
      response.end(body);
    });
    const http = createHttpClient({ clock: fakeClock(), retry: { tries: 2 } });
    const source = createRegistrySource({ http, url: server.url });
    expect(await source.askDatasets(['ds000001'])).toMatchObject({ kind: 'failed', reason });
    expect(asked).toBe(2);
  });

  test('are requested by their ids, with an answer for each', async () => {
    const server = await serve((_request, response) => {
      response.end(JSON.stringify({ data: { ds000001: { id: 'ds000001', public: true } } }));
    });
    const source = createRegistrySource({ http: createHttpClient(), url: server.url });
    expect(await source.askDatasets(['ds000001'])).toEqual({
      kind: 'seen',
      value: new Map([['ds000001', 'public']]),
    });
  });
});
