// Which files of an export are so big that they may have kept their version from GitHub (docs/checks.md#causes).

import { describe, expect, test } from 'vitest';
import type { Github } from '../../../../archives/openneuro/documents.ts';
import { bigFilesSeen, createBigFiles } from '../../../../archives/openneuro/measure/big-files.ts';
import { failed } from '../../../../core/failure.ts';
import type { ContentList } from '../../../../core/protocols/git/content-list.ts';

const LIMIT = 100 * 1024 * 1024;
const [OLD, NEW] = ['1'.repeat(40), '2'.repeat(40)];
const github = (change: object = {}) =>
  ({
    tags: { '1.0.9': OLD, '1.0.10': NEW },
    findings: [{ subtype: 'tag-missing', status: 'error', tags: ['1.0.11'] }],
    ...change,
  }) as unknown as Github;

function seen(paths: readonly string[], size = LIMIT + 1) {
  const big = createBigFiles();
  big.push(paths.map((key) => ({ key, size, etag: 'e' })));
  return big;
}

/** @param annexed paths annexed in the mirror's newest version; `plain` has each of them too */
async function suspects(
  listed: readonly string[],
  annexed: readonly string[],
  plain: string[] = [],
) {
  const entries = [
    ...annexed.map((path) => ({ path, content: { kind: 'annexed' } })),
    ...plain.map((path) => ({ path, content: { kind: 'unknown' } })),
  ];
  const found = await bigFilesSeen(seen(listed), github(), async () => entries as never);
  return found.map(({ path }) => path);
}

describe('a big file is a suspect', () => {
  test.each([
    ['its end is annexed nowhere', 'model.mat', ['sub-01/bold.nii.gz']],
    ['only its first end is annexed', 'model.nii.gz', ['other.nii']],
    ['the end begins alike', 'model.mat', ['other.matlab']],
    ['it is a dot file of a kind of its own', '.cache', ['.bidsignore', 'sub-01/bold.nii.gz']],
    ['it has no end and another name', 'sub-01/README', ['sub-01/LICENSE']],
    ['an annexed folder, not the file, has the end', 'a.mat', ['b.mat/data']],
    ['the folder has an end and the file has none', 'b.mat/data', ['a.mat']],
  ])('where %s', async (_, big, annexed) => {
    expect(await suspects([big], annexed)).toEqual([big]);
  });

  test.each([
    ['its end is annexed elsewhere', 'sub-01/model.mat', ['sub-02/other.mat']],
    ['its one letter and end is', 'a.mat', ['b.mat']],
    ['its last end is annexed', 'a.tar.gz', ['sub-01/bold.nii.gz']],
    ['the annexed file is nothing but the end', 'model.mat', ['code/.mat']],
    ['it is nothing but the end itself', 'code/.mat', ['model.mat']],
    ['a dot file of its name is annexed', 'a/.cache', ['b/.cache']],
    ['a file of its name without an end is', 'a/README', ['b/README']],
    ['so is one, and only the folders have ends', 'a.x/data', ['b.y/data']],
    ['the name ends with a dot, as the other', 'a.', ['b.']],
  ])('but not where %s', async (_, big, annexed) => {
    expect(await suspects([big], annexed)).toEqual([]);
  });

  test('where files of its kind are plain files in git', async () => {
    expect(await suspects(['a.mat'], ['b.nii'], ['c.mat'])).toEqual(['a.mat']);
  });
});

describe('nothing is asked and nobody suspected', () => {
  const never = async (): Promise<ContentList> => {
    throw new Error('not to be asked');
  };
  test.each<[string, ReturnType<typeof seen>, Github | null]>([
    ['where the tag is on the mirror', seen(['a.mat']), github({ findings: [] })],
    ['where the mirror was not seen', seen(['a.mat']), null],
    ['where the mirror has no version', seen(['a.mat']), github({ tags: {} })],
    ['where no file is over the limit', seen(['a.mat'], LIMIT), github()],
  ])('%s', async (_, big, mirror) => {
    expect(await bigFilesSeen(big, mirror, never)).toEqual([]);
  });
});

test('the newest version as a number is the one that is looked into', async () => {
  const asked: string[] = [];
  await bigFilesSeen(seen(['a.mat']), github(), async (commit) => {
    asked.push(commit);
    return failed('timeout', 'slow');
  });
  expect(asked).toEqual([NEW]);
});

test('no file is suspected when the files of that version are not known', async () => {
  const found = await bigFilesSeen(seen(['a.mat']), github(), async () =>
    failed('timeout', 'slow'),
  );
  expect(found).toEqual([]);
});

test('a thousand big files are enough to name', async () => {
  const many = Array.from({ length: 1001 }, (_, n) => `${n}.mat`);
  const big = seen(many.slice(0, 600));
  big.push(many.slice(600).map((key) => ({ key, size: LIMIT + 1, etag: 'e' })));
  expect(big.files().map(({ key }) => key)).toEqual(many.slice(0, 1000));
});

test('a name of any script comes back as it is written, with its size', async () => {
  const big = createBigFiles();
  big.push([{ key: Buffer.from('脳.mat').toString('latin1'), size: LIMIT + 1, etag: 'e' }]);
  const found = await bigFilesSeen(big, github(), async () => [] as never);
  expect(found).toEqual([{ path: '脳.mat', size: LIMIT + 1 }]);
});
