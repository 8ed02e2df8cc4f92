import { availableParallelism } from 'node:os';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['webpos-source'] },
  ssr: { resolve: { conditions: ['webpos-source'] } },
  test: {
    include: ['packages/*/{src,test}/**/*.test.{ts,tsx}', 'e2e/**/*.test.ts', 'examples/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', './test/support/no-silent-skips.ts'],
    globalSetup: './test/support/programs/setup.ts',
    setupFiles: ['./test/support/loopback/setup.ts', './test/support/patience.ts'],
    expect: { poll: { timeout: 60_000 } },
    // Many tests wait for processes and timers: both cores of a small machine stay busy only with more workers than cores.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
});

export default config;
