import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The browser and the deployed tests have commands of their own.
    exclude: ['test/e2e/**', 'test/aws/**', '**/node_modules/**'],
    testTimeout: 30_000,
  },
});
