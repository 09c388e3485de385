import { describe, expect, test } from 'vitest';
import type { Github, S3Diff, S3Version } from '../../../../archives/openneuro/documents.ts';
import type { Summary } from '../../../../archives/openneuro/legacy/summary.ts';
import { filesPath } from '../../../../archives/openneuro/paths.ts';
import { RULES_VERSION } from '../../../../archives/openneuro/rules-version.ts';
import type { RunStatus } from '../../../../core/documents/documents.ts';
import { STATUS_PATH, SUMMARY_PATH } from '../../../../core/documents/paths.ts';
import { FAILURE_REASONS, type Failed, failed } from '../../../../core/failure.ts';
import { runPipeline } from '../../../../core/monitor/run.ts';
import { checkPath } from '../../../support/documents.ts';
import type { MemoryStore } from '../../../support/memory-store.ts';
import { aroundSaves } from '../../../support/sessions.ts';
import {
  COMMIT,
  type ContextSettings,
  dataset,
  description,
  type FakeArchive,
  healthyArchive,
  healthyRefs,
  OPENNEURO,
  OTHER_COMMIT,
  page,
  stageContext,
} from '../../../support/stage-context.ts';
import { WHOLE_RUN } from '../../../support/stages.ts';

const ID = 'ds000001';

async function run(archive: FakeArchive, settings: ContextSettings = {}) {
  const context = stageContext(archive, {
    ...settings,
    options: { publishAnyway: true, ...settings.options },
  });
  const result = await runPipeline(context, WHOLE_RUN);
  const row = (id = ID) => {
    const found = context.store
      .document<Summary>(SUMMARY_PATH)
      .datasets.find((one) => one.id === id);
    if (!found) throw new Error(`${id} has no row`);
    return found;
  };
  return { context, result, row, store: context.store };
}

describe('a dataset that agrees everywhere', () => {
  test('is ok in all three checks, with versions and the oldest time', async () => {
    const { row, result } = await run(healthyArchive([ID]));
    expect(result.outcome).toBe('published');
    expect(row()).toMatchObject({
      status: 'ok',
      checks: { github: 'ok', s3Version: 'ok', s3Files: 'ok' },
      githubVersion: '1.0.0',
      s3Version: '1.0.0',
      unverified: null,
      issueSubtypes: null,
    });
    const times = Object.values(row().lastChecked ?? {}).filter((at) => at !== null);
    expect(times).toHaveLength(3);
    expect(row().checkedAt).toBe(times.sort()[0]);
  });

  test('costs one question for refs, one for the tree once per commit, and a listing a run', async () => {
    const archive = healthyArchive([ID]);
    const { store } = await run(archive);
    await run(archive, { store, day: 1 });
    expect(archive.asked).toMatchObject({ refs: 2, tree: 0, content: 1, listing: 2 });
  });

  test('a second run over the same archive writes nothing but times', async () => {
    const archive = healthyArchive([ID]);
    const { store } = await run(archive);
    store.writes.length = 0;
    await run(archive, { store, day: 1 });
    const documents = store.writes.filter((path) => path.endsWith('.json'));
    expect(documents.sort()).toEqual([
      'all-datasets.json',
      'datasets-registry.json',
      'history/counts/2026-08.json',
      'history/index.json',
      'history/notices.json',
      'history/runs/2026/2026-08-02T000000Z.json',
      'history/sync.json',
      'status.json',
      'summary.json',
      'timestamps/github.json',
      'timestamps/s3-files.json',
      'timestamps/s3-version.json',
    ]);
  });

  test("the tag's whole list of files is kept beside its metadata", async () => {
    const { store } = await run(healthyArchive([ID]));
    expect(store.document(filesPath(ID, '1.0.0'))).toMatchObject({
      count: 2,
      files: ['CHANGES', 'dataset_description.json'],
      commit: COMMIT,
    });
  });
});

test.each([
  { what: 'deleted', harm: (store: MemoryStore) => store.documents.delete(filesPath(ID, '1.0.0')) },
  {
    what: 'damaged',
    harm: (store: MemoryStore) => store.documents.set(filesPath(ID, '1.0.0'), '{"files": ['),
  },
])("a tag's list of files that was $what is written again by the next run", async ({ harm }) => {
  const archive = healthyArchive([ID]);
  const { store } = await run(archive);
  const whole = store.documents.get(filesPath(ID, '1.0.0'));
  harm(store);
  await run(archive, { store, day: 1 });
  expect(store.documents.get(filesPath(ID, '1.0.0'))).toBe(whole);
  expect(archive.asked.content).toBe(1);
});

describe('a failed measurement changes no verdict', () => {
  const sources = {
    github: (archive: FakeArchive, failure: ReturnType<typeof failed>) =>
      archive.refs.set(ID, failure),
    s3Version: (archive: FakeArchive, failure: ReturnType<typeof failed>) =>
      archive.descriptions.set(ID, failure),
    s3Files: (archive: FakeArchive, failure: ReturnType<typeof failed>) =>
      archive.listings.set(ID, failure),
  } as const;
  const paths = {
    github: checkPath('github', ID),
    s3Version: checkPath('s3Version', ID),
    s3Files: checkPath('s3Files', ID),
  };
  const cases = Object.keys(sources).flatMap((check) =>
    FAILURE_REASONS.map((reason) => ({ check: check as keyof typeof sources, reason })),
  );

  test.each(cases)('$check, $reason', async ({ check, reason }) => {
    const archive = healthyArchive([ID]);
    const { store, row } = await run(archive);
    const good = row();

    const broken = {
      ...archive,
      refs: new Map(archive.refs),
      descriptions: new Map(archive.descriptions),
      listings: new Map(archive.listings),
    };
    sources[check](broken, failed(reason, 'made by the test'));
    const { row: failing } = await run(broken, { store, day: 1 });
    expect(failing()).toMatchObject({ status: good.status, checks: good.checks });
    expect(failing().lastChecked?.[check]).toBe(good.lastChecked?.[check]);
    expect(failing().unverified?.[check]).toMatchObject({ reason });
    expect(store.document<{ lastAttempt: unknown }>(paths[check]).lastAttempt).toMatchObject({
      reason,
    });

    const { row: healed } = await run(archive, { store, day: 2 });
    expect(healed().unverified).toBeNull();
    expect(store.document<{ lastAttempt: unknown }>(paths[check]).lastAttempt).toBeNull();
  });

  test('a check that was never measured is pending with the reason, and has no document', async () => {
    const archive = healthyArchive([ID]);
    archive.refs.set(ID, failed('timeout', 'slow'));
    const { row, store } = await run(archive);
    expect(row()).toMatchObject({
      status: 'pending',
      checks: { github: 'pending', s3Version: 'ok', s3Files: 'pending' },
      unverified: {
        github: { reason: 'timeout' },
        s3Version: null,
        s3Files: { reason: 'timeout' },
      },
    });
    expect(store.documents.has(checkPath('github', ID))).toBe(false);

    // Its measurement on the next day is no rule change.
    archive.refs.set(ID, healthyRefs(['1.0.0']));
    await run(archive, { store, day: 1 });
    expect(store.document<RunStatus>(STATUS_PATH).lastRun).not.toHaveProperty('rulesChanged');
  });

  test('a new snapshot on a day without refs is not called a missing tag', async () => {
    const archive = healthyArchive([ID]);
    const { store } = await run(archive);
    const next = {
      ...archive,
      readings: [[page([dataset(ID, ['1.0.0', '1.0.1'])])]],
      refs: new Map([[ID, failed('connection', 'reset')]]),
      descriptions: new Map([[ID, description(`doi:10.18112/openneuro.${ID}.v1.0.1`)]]),
    };
    const { row } = await run(next, { store, day: 1 });
    expect(row()).toMatchObject({
      checks: { github: 'ok', s3Version: 'ok', s3Files: 'ok' },
      unverified: { github: { reason: 'connection' }, s3Files: { reason: 'connection' } },
    });
  });

  test('a bug in one dataset is recorded as internal and stops no other', async () => {
    const archive = healthyArchive([ID, 'ds000002']);
    archive.refs.set(ID, { ...healthyRefs(['1.0.0']), tags: null as never });
    const { row } = await run(archive);
    expect(row().unverified?.github).toMatchObject({ reason: 'internal' });
    expect(row('ds000002').status).toBe('ok');
  });
});

describe('the file check', () => {
  /** On the mirror and in the registry alike. */
  function moveTag(archive: FakeArchive): void {
    const one = dataset(ID, ['1.0.0']);
    const snapshots = one.snapshots.map((each) => ({ ...each, hexsha: OTHER_COMMIT }));
    archive.readings = [[page([{ ...one, snapshots }])]];
    archive.refs.set(ID, healthyRefs(['1.0.0'], OTHER_COMMIT));
  }

  test('a moved tag is compared with the new commit, not with the kept tree', async () => {
    const archive = healthyArchive([ID]);
    const { store } = await run(archive);
    moveTag(archive);
    archive.trees.set(OTHER_COMMIT, ['CHANGES', 'README', 'dataset_description.json']);
    const { row } = await run(archive, { store, day: 1 });
    expect(row()).toMatchObject({ s3FilesAdded: 1, issueSubtypes: { s3Files: 'files-missing' } });
    expect(store.document<S3Diff>(checkPath('s3Files', ID))).toMatchObject({
      added: ['README'],
      commit: OTHER_COMMIT,
    });
  });

  test('a listing gets the paths of its tree, and how it differed last time', async () => {
    const archive = healthyArchive([ID]);
    archive.listings.set(ID, ['annex-uuid', 'dataset_description.json', 'left over']);
    const { store } = await run(archive);
    const told = async (day: number) => {
      const context = stageContext(archive, { store, day, options: { publishAnyway: true } });
      const { listObjects } = context.export;
      const seen: unknown[] = [];
      context.export.listObjects = (id, signal, likely) => {
        seen.push(likely?.last, likely?.marks(1));
        return listObjects(id, signal, likely);
      };
      await runPipeline(context, WHOLE_RUN);
      return seen;
    };
    const last = { keys: 3, beside: ['annex-uuid', 'left over'], lacking: ['CHANGES'] };
    expect(await told(1)).toEqual([last, ['CHANGES', 'dataset_description.json']]);
    // A tag that moved: nothing is kept of its commit.
    moveTag(archive);
    archive.trees.set(OTHER_COMMIT, ['README']);
    expect(await told(2)).toEqual([null, null]);
  });

  test('a kept tree that is damaged is fetched again', async () => {
    const archive = healthyArchive([ID]);
    const { store } = await run(archive);
    store.trees.set(COMMIT, Buffer.from(store.trees.get(COMMIT)?.subarray(0, 90) ?? ''));
    const { row } = await run(archive, { store, day: 1 });
    expect(archive.asked.content).toBe(2);
    expect(row().status).toBe('ok');
  });

  test.each([
    {
      what: 'a blocked export is an error without comparison',
      change: (archive: FakeArchive) => archive.descriptions.set(ID, 'denied'),
      row: {
        s3Blocked: true,
        checks: { s3Version: 'error', s3Files: 'error' },
        notCompared: 'blocked',
        s3Version: null,
      },
    },
    {
      what: 'a tag that is not on the mirror is waited for',
      change: (archive: FakeArchive) => archive.refs.set(ID, healthyRefs(['0.9.0'])),
      row: { checks: { github: 'error', s3Files: 'pending' }, notCompared: 'tag-not-on-mirror' },
    },
    {
      what: 'a mirror that does not exist is waited for',
      change: (archive: FakeArchive) => archive.refs.set(ID, 'absent'),
      row: { checks: { github: 'error', s3Files: 'pending' }, notCompared: 'mirror-absent' },
    },
    {
      what: 'an export without a key is missing, and counts nothing',
      change: (archive: FakeArchive) => archive.listings.set(ID, ['annex-uuid']),
      row: {
        issueSubtypes: { s3Files: 'export-missing' },
        s3FilesAdded: null,
        s3FilesRemoved: null,
      },
    },
    {
      what: 'what git-annex writes and submodules are no fault',
      change: (archive: FakeArchive) => {
        archive.trees.set(COMMIT, ['CHANGES', 'code@', 'dataset_description.json']);
        archive.listings.set(ID, ['CHANGES', 'annex-uuid', 'dataset_description.json']);
      },
      row: { status: 'ok', s3FilesAdded: null, s3FilesRemoved: null },
    },
  ])('$what', async ({ change, row: expected }) => {
    const archive = healthyArchive([ID]);
    change(archive);
    const { row } = await run(archive);
    expect(row()).toMatchObject(expected);
  });

  test('within --max-age nothing is listed again, unless the tag moved', async () => {
    const archive = healthyArchive([ID]);
    const { store } = await run(archive);
    const week = { options: { maxAge: 7 * 86_400_000 } };
    await run(archive, { store, day: 1, ...week });
    expect(archive.asked.listing).toBe(1);
    moveTag(archive);
    archive.trees.set(OTHER_COMMIT, ['CHANGES', 'dataset_description.json']);
    await run(archive, { store, day: 2, ...week });
    expect(archive.asked.listing).toBe(2);
  });
});

describe('the version check', () => {
  test('asks with the etag of last time, and an unchanged description moves with the latest', async () => {
    const archive = healthyArchive([ID]);
    archive.descriptions.set(ID, description(null));
    const { store } = await run(archive);
    archive.readings = [[page([dataset(ID, ['1.0.0', '1.0.1'])])]];
    archive.refs.set(ID, healthyRefs(['1.0.0', '1.0.1']));
    archive.descriptions.set(ID, 'unchanged');
    const { row } = await run(archive, { store, day: 1 });
    expect(archive.asked.description).toEqual([null, 'etag-1']);
    expect(row()).toMatchObject({ s3Version: '1.0.1', issueSubtypes: { s3Version: 'no-doi' } });
    expect(store.document<S3Version>(checkPath('s3Version', ID)).etag).toBe('etag-1');
  });
});

describe('the DOI of an export', () => {
  const unchanged = (field: string, tags: readonly string[]) => {
    const archive = healthyArchive([ID]);
    archive.readings = [[page([dataset(ID, tags)])]];
    archive.refs.set(ID, healthyRefs(tags));
    archive.descriptions.set(ID, description(field));
    return archive;
  };

  test.each([
    { tags: ['00001'], version: '00001', status: 'ok' },
    { tags: ['00001', '00002', '2.0.0'], version: '00001', status: 'version-mismatch' },
    { tags: ['1.0.0', '2.0.0'], version: '1', status: 'version-mismatch' },
  ])('v1 of $tags is $version', async ({ tags, version, status }) => {
    const { store } = await run(unchanged(`10.18112/openneuro.${ID}.v1`, tags));
    expect(store.document<S3Version>(checkPath('s3Version', ID))).toMatchObject({
      status,
      extractedVersion: version,
      datasetDescriptionDOI: `10.18112/openneuro.${ID}.v1`,
    });
  });

  test('an unchanged description is read again by the rules of today', async () => {
    const archive = unchanged(`10.18112%2Fopenneuro.${ID}.v1`, ['00001']);
    const { store } = await run(archive);
    const good = store.document<S3Version>(checkPath('s3Version', ID));
    expect(good).toMatchObject({ status: 'ok', extractedVersion: '00001' });
    // As written by a rule that knew neither escapes nor versions of 2018.
    await store.writeDocument(checkPath('s3Version', ID), {
      ...good,
      status: 'warning',
      subtype: 'no-doi',
      extractedVersion: '00001',
      versionSource: 'assumed_latest',
    });
    archive.descriptions.set(ID, 'unchanged');
    const { row } = await run(archive, { store, day: 1 });
    expect(archive.asked.description).toEqual([null, 'etag-1']);
    expect(store.document<S3Version>(checkPath('s3Version', ID))).toEqual(good);
    expect(row().checks.s3Version).toBe('ok');
  });

  test('a field too long to keep is requested whole each time', async () => {
    const archive = unchanged(`${'x'.repeat(600)} 10.18112/openneuro.${ID}.v1.0.0`, ['1.0.0']);
    const { store } = await run(archive);
    const { row } = await run(archive, { store, day: 1 });
    expect(archive.asked.description).toEqual([null, null]);
    expect(row().checks.s3Version).toBe('ok');
  });
});

describe('a run that is cut off', () => {
  test('keeps finished work; the next one continues with the rest', async () => {
    const archive = healthyArchive([ID, 'ds000002']);
    const context = stageContext(archive, { options: { concurrency: 1 } });
    const asBefore = aroundSaves(context.store, (save) => async (record, document) => {
      const outcome = await save(record, document);
      if (record.check === 'github') context.interrupt();
      return outcome;
    });
    const first = await runPipeline(context, WHOLE_RUN);
    expect(first.outcome).toBe('interrupted');
    expect(await context.store.readLastRun()).toMatchObject({ outcome: 'interrupted' });
    const asked = archive.asked.refs;

    asBefore();
    const { row } = await run(archive, { store: context.store });
    expect(row('ds000002').status).toBe('ok');
    expect(archive.asked.refs).toBe(asked + 1);
  });

  test.each([
    ['github', (archive: FakeArchive, why: Failed) => archive.refs.set(ID, why)],
    ['s3Version', (archive: FakeArchive, why: Failed) => archive.descriptions.set(ID, why)],
    ['s3Files', (archive: FakeArchive, why: Failed) => archive.listings.set(ID, why)],
  ] as const)('measures again what failed: %s', async (check, fail) => {
    // Measured well the day before: only the attempt shows that this run has not done it yet.
    const { store } = await run(healthyArchive([ID]));
    const broken = healthyArchive([ID]);
    fail(broken, failed('timeout', 'slow'));
    const { row: before } = await run(broken, { store, day: 1 });
    expect(before().unverified?.[check]).toMatchObject({ reason: 'timeout' });

    // To the tests' context the same day is the same run.
    const { row } = await run(healthyArchive([ID]), { store, day: 1 });
    expect(row()).toMatchObject({ unverified: null, checks: { [check]: 'ok' } });
    expect(row().lastChecked?.[check]).toMatch(/^2026-08-02/);
  });

  test('does not measure again what is done', async () => {
    const { store } = await run(healthyArchive([ID]));
    const archive = healthyArchive([ID]);
    await run(archive, { store });
    expect(archive.asked).toMatchObject({ refs: 0, description: [], listing: 0 });
    await run(archive, { store, options: { force: true } });
    expect(archive.asked).toMatchObject({ refs: 1, listing: 1 });
    expect(archive.asked.description).toHaveLength(1);
  });

  test('measures again what the registry says differently by the time it continues', async () => {
    const archive = healthyArchive([ID, 'ds000002']);
    const { store } = await run(archive);
    const { refs, listing } = archive.asked;
    expect(listing).toBe(2);

    archive.readings = [[page([dataset(ID, ['1.0.0', '1.0.1']), dataset('ds000002', ['1.0.0'])])]];
    archive.asked.registry = 0;
    archive.refs.set(ID, healthyRefs(['1.0.0', '1.0.1']));
    archive.descriptions.set(ID, description(`10.18112/openneuro.${ID}.v1.0.1`));
    // To the tests' context the same day is the same run.
    const { row } = await run(archive, { store });
    expect(row(ID)).toMatchObject({
      status: 'ok',
      latestSnapshot: '1.0.1',
      githubVersion: '1.0.1',
      s3Version: '1.0.1',
    });
    expect(archive.asked.refs, 'only the changed one').toBe(refs + 1);
    expect(archive.asked.listing, 'only the changed one').toBe(listing + 1);
  });

  test('does not replace what a run measured that began later', async () => {
    const archive = healthyArchive([ID]);
    const { store } = await run(archive, { day: 1 });
    const before = new Map(store.records);
    archive.refs.set(ID, 'absent');
    const { result } = await run(archive, { store });
    expect(new Map(store.records)).toEqual(before);
    expect(result.reports.flatMap(({ notes }) => notes)).toContainEqual(
      expect.stringMatching(/^1 measured already by a run that began later/),
    );
  });

  test.each(['save', 'writeTree', 'writeDocument', 'writeRun'] as const)(
    'a disk that is full at %s stops the run instead of becoming a verdict',
    async (write) => {
      const context = stageContext(healthyArchive([ID]));
      const refuse = () => Promise.reject<never>(new Error('no space left'));
      if (write === 'save') aroundSaves(context.store, () => refuse);
      else context.store[write] = refuse;
      await expect(runPipeline(context, WHOLE_RUN)).rejects.toThrow('no space left');
      const attempts = [...context.store.records.values()].map(({ lastAttempt }) => lastAttempt);
      expect(attempts.filter((attempt) => attempt !== null)).toEqual([]);
    },
  );

  test('a list of files that cannot be written for lack of space stops the run as well', async () => {
    const context = stageContext(healthyArchive([ID]));
    const { writePieces } = context.store;
    context.store.writePieces = async (path, pieces) => {
      if (path.endsWith('files.json')) throw new Error('no space left');
      return writePieces(path, pieces);
    };
    await expect(runPipeline(context, WHOLE_RUN)).rejects.toThrow('no space left');
  });

  test('an invalid document is a fault of its dataset only', async () => {
    const archive = healthyArchive([ID, 'ds000002']);
    archive.refs.set(ID, { ...healthyRefs(['1.0.0']), tags: new Map([['1.0.0', 'no commit']]) });
    const { row } = await run(archive);
    expect(row(ID).unverified).toMatchObject({ github: { reason: 'internal' } });
    expect(row('ds000002').status).toBe('ok');
  });
});

describe('publishing', () => {
  const many = Array.from({ length: 50 }, (_, at) => `ds${String(at + 1).padStart(6, '0')}`);
  const strict = { options: { publishAnyway: false } };

  test('is held when too many turn unverified: the published summary stays, status.json says why', async () => {
    const archive = healthyArchive(many);
    const { store } = await run(archive, strict);
    const published = store.documents.get(SUMMARY_PATH);
    for (const id of many.slice(0, 3)) archive.listings.set(id, failed('timeout', 'slow'));
    const { result } = await run(archive, { store, day: 1, ...strict });
    expect(result.outcome).toBe('held');
    expect(store.documents.get(SUMMARY_PATH)).toBe(published);
    expect(store.document('status.json')).toMatchObject({
      lastRun: { outcome: 'held', why: [expect.stringContaining('3 of 50')] },
      publishedAt: expect.stringMatching(/^2026-08-01T/),
      unverified: 3,
      covered: 47,
    });
  });

  test.each([
    { bad: 1, outcome: 'published' },
    { bad: 2, outcome: 'held' },
  ])('$bad of 50 newly bad: $outcome', async ({ bad, outcome }) => {
    const archive = healthyArchive(many);
    const { store } = await run(archive, strict);
    for (const id of many.slice(0, bad)) archive.refs.set(id, 'absent');
    const { result } = await run(archive, { store, day: 1, ...strict });
    expect(result.outcome).toBe(outcome);
  });

  test('a run that could not begin says so in status.json', async () => {
    const archive = { ...healthyArchive([]), readings: [[failed('connection', 'refused')]] };
    const { result, store } = await run(archive);
    expect(result.outcome).toBe('failed');
    expect(store.document('status.json')).toMatchObject({
      archive: OPENNEURO,
      lastRun: { outcome: 'failed' },
      publishedAt: null,
    });
  });
});

test('github.json holds evidence, verdict and every finding', async () => {
  const archive = healthyArchive([ID]);
  archive.readings = [[page([dataset(ID, ['0.9.0', '1.0.0'])])]];
  archive.refs.set(ID, { ...healthyRefs(['1.0.0']), branches: new Map([['main', OTHER_COMMIT]]) });
  const { store } = await run(archive);
  expect(store.document<Github>(checkPath('github', ID))).toEqual({
    schemaVersion: '3.0.0',
    head: 'main',
    branches: { main: OTHER_COMMIT },
    tags: { '1.0.0': COMMIT },
    lastChecked: null,
    error: null,
    annotated: {},
    status: 'warning',
    subtype: 'head-mismatch',
    findings: [
      { subtype: 'head-mismatch', status: 'warning', tags: ['1.0.0'] },
      { subtype: 'older-tag-missing', status: 'warning', tags: ['0.9.0'] },
      { subtype: 'annex-branch-missing', status: 'warning', tags: [] },
    ],
    lastAttempt: null,
    rulesVersion: RULES_VERSION,
    pending: null,
    datasetId: ID,
    notCompared: null,
  });
});
