/**
 * Lists skipped tests at the end of the run, with their reasons (`context.skip('why')`). In CI a skip fails the run, because
 * everything that a test needs is installed there.
 */
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export default class NoSilentSkips implements Reporter {
  #filtered = false;

  onInit(vitest: Parameters<NonNullable<Reporter['onInit']>>[0]): void {
    this.#filtered = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(testModules: readonly TestModule[]): void {
    // With `-t`, vitest counts everything that was not asked for as skipped.
    if (this.#filtered) return;
    const skipped = testModules.flatMap((module) => [...module.children.allTests('skipped')]);
    if (skipped.length === 0) return;

    console.log(`\n${skipped.length} skipped:`);
    for (const test of skipped) console.log(`  ${test.module.relativeModuleId} > ${test.fullName}: ${reason(test)}`);
    if (isSet(process.env['CI'])) {
      console.log('CI is set, so a skipped test fails the run.');
      process.exitCode = 1;
    }
  }
}

function reason(test: TestCase): string {
  const result = test.result();
  return (result.state === 'skipped' ? result.note : undefined) ?? "no reason given (say it with context.skip('why'))";
}

function isSet(variable: string | undefined): boolean {
  return variable !== undefined && variable !== '' && variable !== 'false' && variable !== '0';
}
