// A moved tag on the mirror, and an export of no snapshot, over git's own server: a commit that the
// registry or git-annex names is read by its id as long as git has it (docs/checks.md#files and
// #record).

import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  AnnexRecord,
  Causes,
  S3Content,
  S3Diff,
} from '../../../../archives/openneuro/documents.ts';
import { CONTENT_CHECKS } from '../../../../archives/openneuro/vocabulary.ts';
import { causesPath } from '../../../../core/documents/paths.ts';
import { createHttpClient } from '../../../../core/http.ts';
import { runPipeline } from '../../../../core/monitor/run.ts';
import { createMirrorSource } from '../../../../core/protocols/git/mirror.ts';
import { type Git, gitIn, hasGit, serveGit } from '../../../core/protocols/git/git-server.ts';
import { checkPath } from '../../../support/documents.ts';
import { asView } from '../../../support/legacy.ts';
import {
  annexLogs,
  dataset,
  description,
  healthyArchive,
  page,
  stageContext,
} from '../../../support/stage-context.ts';
import { WHOLE_RUN } from '../../../support/stages.ts';

const ID = 'ds000001';
type Files = Readonly<Record<string, string>>;
const OLD: Files = { CHANGES: 'one\n', 'dataset_description.json': '{}\n' };
const NEW: Files = { ...OLD, CHANGES: 'another one\n', README: 'Read me.\n' };

describe.skipIf(!hasGit)('over real git', () => {
  let root: string;
  let server: Awaited<ReturnType<typeof serveGit>>;
  const http = createHttpClient({ retry: { tries: 1 } });
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'mirrorwatch-moved-'));
    server = await serveGit(root);
  });
  afterAll(async () => {
    http.close();
    await server?.close();
    await rm(root, { recursive: true, force: true });
  });

  function commit(git: Git, files: Files): string {
    const entries = Object.entries(files).map(([path, text]) => {
      return `100644 blob ${git(['hash-object', '-w', '--stdin'], text)}\t${path}\n`;
    });
    return git(['commit-tree', '-m', 'm', git(['mktree'], entries.join(''))]);
  }

  interface World {
    /** The commit of the mirror's tag, which the bucket holds. */
    readonly tag: Files;
    readonly exported: Files;
    /** The registry's commit; with these files, or one that the mirror lacks. */
    readonly registry: Files | 'lost';
    /** The tree in export.log; none if it is absent. */
    readonly recorded?: Files;
    readonly doi?: string;
  }

  async function run({ tag, exported, registry, recorded, doi = '1.0.0' }: World) {
    await rm(join(root, `${ID}.git`), { recursive: true, force: true });
    const git = gitIn(join(root, `${ID}.git`));
    git(['init', '--bare', '--quiet', '--initial-branch=main', '.']);
    git(['config', 'uploadpack.allowFilter', 'true']);
    const tagged = commit(git, tag);
    for (const ref of ['heads/main', 'tags/1.0.0']) git(['update-ref', `refs/${ref}`, tagged]);
    const named = registry === 'lost' ? 'f00d'.repeat(10) : commit(git, registry);
    const logs: Record<string, string> = {
      'remote.log': annexLogs.remote(ID, 'bucket=openneuro.org'),
    };
    if (recorded) {
      const tree = git(['rev-parse', `${commit(git, recorded)}^{tree}`]);
      logs['export.log'] = annexLogs.export(tree);
    }
    git(['update-ref', 'refs/heads/git-annex', commit(git, logs)]);

    const archive = healthyArchive([ID]);
    const one = dataset(ID, ['1.0.0']);
    const snapshots = one.snapshots.map((each) => ({ ...each, hexsha: named }));
    archive.readings = [[page([{ ...one, snapshots }])]];
    archive.descriptions.set(ID, description(`doi:10.18112/openneuro.${ID}.v${doi}`));
    const context = stageContext(archive, {
      options: { checks: new Set<string>(CONTENT_CHECKS), publishAnyway: true },
    });
    Object.assign(context, { mirror: createMirrorSource({ http, baseUrl: server.url }) });
    context.export.listObjects = async function* () {
      const objects = Object.entries(exported)
        .map(([key, text]) => ({ key, size: text.length, etag: hash('md5', text) }))
        .sort((a, b) => (a.key < b.key ? -1 : 1));
      yield { kind: 'page', objects };
      yield { kind: 'end' };
    };
    const { summary } = await runPipeline(context, WHOLE_RUN);
    const { store } = context;
    const read = <T>(path: string) =>
      store.documents.has(path) ? store.document<T>(path) : undefined;
    return {
      row: summary?.datasets.map(asView)[0],
      ids: { named, tagged },
      diff: read<S3Diff>(checkPath('s3Files', ID)),
      content: read<S3Content>(checkPath('s3Content', ID)),
      record: read<AnnexRecord>(checkPath('annexRecord', ID)),
      causes: read<Causes>(causesPath(ID))?.causes,
    };
  }

  test("the export of the registry's commit is in step with that, though no ref names it", async () => {
    const world = { tag: NEW, exported: OLD, registry: OLD, recorded: OLD };
    const { row, ids, diff, content, record, causes } = await run(world);
    expect(row?.checks).toMatchObject({ github: 'error', s3Files: 'ok', s3Content: 'ok' });
    expect([diff?.commit, content?.commit, record?.latestCommit]).toEqual(Array(3).fill(ids.named));
    expect(record).toMatchObject({ exportedTag: '1.0.0', status: 'ok' });
    expect(causes?.map(({ cause }) => cause)).toEqual(['tag-moved']);
    expect(causes?.[0]?.mend).toMatch(
      new RegExp(`push --force '?https://[^ ]+/${ID}\\.git'? '${ids.named}:refs/tags/1\\.0\\.0'$`),
    );
  });

  test('what the export lacks of it is missing', async () => {
    const { diff } = await run({ tag: OLD, exported: OLD, registry: NEW });
    expect(diff).toMatchObject({ status: 'error', added: ['README'] });
  });

  test("a commit that the mirror lacks is not determined by the tag's, and never a false mismatch", async () => {
    const { row, diff, content, causes } = await run({ tag: NEW, exported: OLD, registry: 'lost' });
    expect(row).toMatchObject({
      notCompared: 'commit-not-on-mirror',
      checks: { github: 'error', s3Files: 'pending', s3Content: 'pending' },
    });
    expect(diff).toBeUndefined();
    expect(content).toMatchObject({ notCompared: 'commit-not-on-mirror', mismatches: [] });
    // git-annex recorded no export here.
    expect(causes?.map(({ cause }) => cause)).toEqual(['tag-moved', 'no-known-cause']);
  });

  test("an export that is the tag's to the byte is in step with that", async () => {
    const { row, ids, diff } = await run({ tag: NEW, exported: NEW, registry: 'lost' });
    expect(row?.checks).toMatchObject({ s3Files: 'ok', s3Content: 'ok' });
    expect(diff?.commit).toBe(ids.tagged);
  });

  test('a record of the moved tag counts, and then it is not known which side is right', async () => {
    const world = { tag: NEW, exported: NEW, registry: OLD, recorded: NEW };
    const { row, ids, diff, causes } = await run(world);
    expect(row?.checks).toMatchObject({ s3Files: 'ok', s3Content: 'ok' });
    expect(diff?.commit).toBe(ids.tagged);
    expect(causes?.[0]).toMatchObject({ cause: 'tag-moved', mend: null });
  });

  const DRAFT: Files = { ...OLD, 'draft.tsv': 'x\n' };
  test.each(['1.0.0', '1.0.1'])(
    'an export of no snapshot is compared with its tree; its DOI says %s',
    async (doi) => {
      const snapshot = { tag: OLD, registry: OLD };
      const { row, diff, record } = await run({
        ...snapshot,
        exported: DRAFT,
        recorded: DRAFT,
        doi,
      });
      expect(record).toMatchObject({
        ...{ status: 'warning', subtype: 'export-of-no-snapshot', exportedOfNoSnapshot: true },
        ...{ exportedTag: null, claimedMissing: 0 },
      });
      expect(row?.checks).toMatchObject({ s3Files: 'ok', s3Content: 'ok' });
      expect(diff).toMatchObject({ commit: null, tree: record?.exportedTree });
    },
  );
});
