import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['webpos-source'] },
  ssr: { resolve: { conditions: ['webpos-source'] } },
  test: {
    include: ['packages/*/{src,test}/**/*.test.{ts,tsx}', 'e2e/**/*.test.ts', 'examples/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', './test/support/no-silent-skips.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
