/**
 * Prints `N passed, N failed` from the JSON result of a vitest run. A file that failed outside of its tests (it could
 * not be loaded, or a hook threw) counts as one that failed; so does a run that left no result.
 */
import { readFileSync } from 'node:fs';

const { passed, failed } = count(process.argv[2]);
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;

function count(file) {
  let result;
  try {
    result = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1 };
  }
  const failedOutside = result.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: result.numPassedTests, failed: result.numFailedTests + failedOutside.length };
}
