import { defineConfig } from 'vitest/config';

// For scripts/mutate.ts, which says which tests are to notice a change.
export default defineConfig({
  test: {
    include: (process.env.MIRRORWATCH_MUTATION_TESTS ?? '').split(','),
    testTimeout: 10_000,
  },
});
