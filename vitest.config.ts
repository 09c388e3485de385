import { configDefaults, defineConfig } from 'vitest/config';

// The gate sets this to count what really ran; see .ci/run.
const report = process.env.MIRRORWATCH_TEST_REPORT;

/** Whole archives, whole stacks, whole programs, campaigns of faults: `npm run test:all` runs these too. */
const LONG = [
  'test/{conformance,parity,sample,scale,simulation}/**/*.test.ts',
  'test/contract/*.test.ts',
  'test/boards/{dynamo,folder,schema}.test.ts',
  'test/core/history/{feeds-of-a-year,recorded-bundle,recorded-notices}.test.ts',
  'test/core/protocols/git/fuzz.test.ts',
  'test/archives/openneuro/sample/*.test.ts',
  'test/archives/dandi/worlds/*.test.ts',
  'test/archives/openneuro/{legacy/derived,measure/refused-token}.test.ts',
  'test/bin/{aws-programs,changes,data,history,notifiers,numbers,own-command,pack,prune,run,usage}.test.ts',
  'test/lib/{archives,boards,bundle,cost,dataset-state,nag,permissions,roles,stack,state-machine,synth}.test.ts',
  'test/store/crash.test.ts',
];

/** These replace modules of Node before ours load them, so each needs modules of its own. */
const MOCKED = ['test/store/{files,lock}.test.ts'];

/** The browser tests, the deployed ones, those of the printed commands and the validators have commands of their own. */
const OTHERS = 'test/{e2e,aws,commands,validators}/**';

export default defineConfig({
  test: {
    // What did not change since the last run is not transformed again.
    fsModuleCache: true,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A test in which no assertion was made did not test anything.
    expect: { requireAssertions: true },
    reporters: report ? ['default', 'json'] : ['default'],
    ...(report ? { outputFile: { json: report } } : {}),
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, OTHERS, ...LONG, ...MOCKED],
          // A process and its modules serve many files: that halves the time.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'quick-mocked', include: MOCKED } },
      { extends: true, test: { name: 'long', include: LONG } },
    ],
  },
});
