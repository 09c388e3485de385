import { configDefaults, defineConfig } from 'vitest/config';

// The gate sets this to count what really ran; see .ci/run.
const report = process.env['MIRRORWATCH_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The browser tests, the deployed ones and those of the printed commands have commands of their own.
    exclude: [...configDefaults.exclude, 'test/e2e/**', 'test/aws/**', 'test/commands/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A test in which no assertion was made did not test anything.
    expect: { requireAssertions: true },
    reporters: report ? ['default', 'json'] : ['default'],
    ...(report ? { outputFile: { json: report } } : {}),
  },
});
