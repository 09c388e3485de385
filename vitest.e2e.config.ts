import { defineConfig } from 'vitest/config';

// The gate sets this to count what really ran; see .ci/run.
const report = process.env.MIRRORWATCH_TEST_REPORT;

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    // One browser at a time: the tests measure time.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A wait ends as soon as what it waits for is there; the machine may be busy.
    expect: { requireAssertions: true, poll: { timeout: 20_000 } },
    reporters: report ? ['default', 'json'] : ['default'],
    ...(report ? { outputFile: { json: report } } : {}),
  },
});
