import { defineConfig } from 'vitest/config';

// The gate sets this to count what really ran; see .ci/run.
const report = process.env.MIRRORWATCH_TEST_REPORT;

// Tests against local AWS: one emulator for all of them, one file after another.
export default defineConfig({
  test: {
    include: ['test/aws/**/*.test.ts'],
    globalSetup: ['test/aws/setup.ts'],
    fileParallelism: false,
    // Whole runs, of which each function is a new process: minutes on a busy machine.
    testTimeout: 480_000,
    hookTimeout: 600_000,
    // A test in which no assertion was made did not test anything.
    expect: { requireAssertions: true },
    reporters: report ? ['default', 'json'] : ['default'],
    ...(report ? { outputFile: { json: report } } : {}),
  },
});
