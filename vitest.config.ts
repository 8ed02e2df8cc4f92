import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const INCLUDE = ['packages/*/{src,test}/**/*.test.{ts,tsx}', 'e2e/**/*.test.ts', 'examples/**/*.test.ts', 'test/**/*.test.ts'];

/**
 * What other files in the same process would notice: a replaced module, a support file whose hooks apply to the first file alone that
 * imports it, and measurements of the process or its thread.
 */
const NEEDS_ITS_OWN_PROCESS =
  /vi\.(?:mock|doMock|hoisted)\(|\/(?:harness|held-steps|inspect-plans)\.ts'|memoryUsage|cpuUsage|monitorEventLoopDelay/;

/** Measures a time that users are promised, which says nothing while other tests keep the machine busy. */
const AFTER_ALL_OTHERS = ['e2e/start/first-payment.test.ts'];

/** A process that imports the gateway once, for many files, halves the processor time of the whole run. */
const alone = testFiles('packages', 'e2e', 'examples', 'test').filter((file) =>
  NEEDS_ITS_OWN_PROCESS.test(readFileSync(file, 'utf8')),
);

/** These take minutes, in which they mostly wait: they begin first, so that no core is idle at the end of the run. */
const TAKES_MINUTES = /\/(?:cluster|kill)\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => TAKES_MINUTES.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['webpos-source'] },
  ssr: { resolve: { conditions: ['webpos-source'] } },
  test: {
    reporters: ['default', './test/support/no-silent-skips.ts'],
    globalSetup: './test/support/programs/setup.ts',
    setupFiles: ['./test/support/loopback/setup.ts', './test/support/patience.ts'],
    expect: { poll: { timeout: 60_000 } },
    sequence: { sequencer: LongestFirst },
    // Many tests wait for processes, timers and the disk: with three workers, those of the store and the panel used 58 % of two cores.
    maxWorkers: Math.max(4, availableParallelism() - 1),
    testTimeout: 120_000,
    hookTimeout: 240_000,
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      {
        extends: true,
        test: {
          name: 'together',
          include: INCLUDE,
          exclude: [...alone, ...AFTER_ALL_OTHERS, '**/node_modules/**'],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'last', include: AFTER_ALL_OTHERS, sequence: { groupOrder: 1 } } },
    ],
  },
});

export default config;

function testFiles(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(fileURLToPath(new URL(folder, import.meta.url)), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.test\.tsx?$/.test(path) && !path.includes('node_modules'))
      .map((path) => join(folder, path)),
  );
}
