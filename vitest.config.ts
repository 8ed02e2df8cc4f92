import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['webpos-source'] },
  ssr: { resolve: { conditions: ['webpos-source'] } },
  test: {
    include: ['packages/*/{src,test}/**/*.test.{ts,tsx}', 'e2e/**/*.test.ts', 'examples/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', './test/support/no-silent-skips.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});

export default config;
