import { defineConfig } from 'vitest/config';

// The gate sets this to count what really ran; see .ci/run.
const report = process.env.MIRRORWATCH_TEST_REPORT;

// The templates of every choice through the validators of others: cfn-lint and parliament, which are
// installed from PyPI on the first run and then ask nobody, and asl-validator.
export default defineConfig({
  test: {
    include: ['test/validators/**/*.test.ts'],
    testTimeout: 600_000,
    // The validators are installed on the first run.
    hookTimeout: 600_000,
    // A test in which no assertion was made did not test anything.
    expect: { requireAssertions: true },
    reporters: report ? ['default', 'json'] : ['default'],
    ...(report ? { outputFile: { json: report } } : {}),
  },
});
