import { defineConfig } from 'vitest/config';

// The gate sets this to count what really ran; see .ci/run.
const report = process.env.MIRRORWATCH_TEST_REPORT;

// The commands that are printed, run for what they do: git, git-annex and the AWS command line against
// git's own server and an S3 with versions.
export default defineConfig({
  test: {
    include: ['test/commands/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    // The emulator is installed on the first run.
    hookTimeout: 600_000,
    // A test in which no assertion was made did not test anything.
    expect: { requireAssertions: true },
    reporters: report ? ['default', 'json'] : ['default'],
    ...(report ? { outputFile: { json: report } } : {}),
  },
});
