// The code that scripts/mutate.ts changes, and the tests that must fail.

export interface Unit {
  /** A folder or a file. */
  readonly code: string;
  /** Files of its folder that are separate units. */
  readonly except?: readonly string[];
  /** Below test/, without `.test.ts`: quick ones. */
  readonly tests: readonly string[];
  /** Run only for changes that the others did not notice. */
  readonly slow?: readonly string[];
}

const KEPT_LISTS = [
  ...[
    'core/protocols/git/annex-key.ts',
    'core/protocols/git/content-list.ts',
    'core/protocols/git/content.ts',
  ],
  ...['core/protocols/git/export-tree.ts', 'core/protocols/git/kept-blocks.ts'],
];
/**
 * Nearly every git test uses this code; those that run git itself would take seconds per change.
 */
const PACKS = [
  'core/protocols/git/pack.ts',
  'core/protocols/git/object-table.ts',
  'core/protocols/git/inflate.ts',
];
const OWN_TESTS = [...PACKS, 'core/protocols/git/mirror.ts', 'core/protocols/git/second-reader.ts'];
const PAGE_WALK = ['core/protocols/s3/forecast.ts', 'core/protocols/s3/page-walk.ts'];
const GIT_TESTS = [
  'tree',
  'refs',
  'pack',
  'limits',
  'delta',
  'inflate',
  'retry',
  'refusal',
  'content',
];
const STORE_TESTS = ['folder', 'dry-run', 'files', 'lock'].map((name) => `store/${name}`);
export const UNITS: readonly Unit[] = [
  { code: 'core/compare', tests: ['core/compare/*'] },
  {
    code: 'core/protocols/git',
    except: [...KEPT_LISTS, ...OWN_TESTS],
    tests: GIT_TESTS.map((name) => `core/protocols/git/${name}`),
    slow: ['fuzz', 'isomorphic', 'real-git'].map((name) => `core/protocols/git/${name}`),
  },
  {
    code: 'core/protocols/git/mirror.ts',
    tests: GIT_TESTS.map((name) => `core/protocols/git/${name}`),
  },
  ...PACKS.map((code) => ({
    code,
    tests: ['pack', 'limits', 'inflate'].map((name) => `core/protocols/git/${name}`),
    slow: ['core/protocols/git/content'],
  })),
  ...KEPT_LISTS.map((code) => ({
    code,
    tests: ['content', 'content-list', 'annex-key'].map((name) => `core/protocols/git/${name}`),
  })),
  {
    code: 'core/protocols/s3',
    except: PAGE_WALK,
    tests: [
      'core/protocols/s3/access',
      'core/protocols/s3/export',
      'core/protocols/s3/list-scanner',
      'core/protocols/s3/own-answer',
    ],
    slow: ['core/protocols/s3/listing-fuzz'],
  },
  ...PAGE_WALK.map((code) => ({ code, tests: ['core/protocols/s3/page-walk'] })),
  { code: 'core/protocols/git/second-reader.ts', tests: ['core/protocols/git/second-reader'] },
  { code: 'archives/openneuro/rules', tests: ['archives/openneuro/rules-*'] },
  { code: 'bin/store', tests: STORE_TESTS },
  { code: 'bin/folder-store.ts', tests: STORE_TESTS },
  { code: 'lambdas/store', tests: ['lambdas/aws-*'] },
  { code: 'lambdas/aws-store.ts', tests: ['lambdas/aws-*'] },
];
