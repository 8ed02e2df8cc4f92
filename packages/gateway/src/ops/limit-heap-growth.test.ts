import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const MODULE = fileURLToPath(new URL('limit-heap-growth.ts', import.meta.url));
/** Has some data alive, and exchanges other data, which has become old by then. Prints the largest heap in MB. */
const CHURN = `
  const alive = Array.from({ length: 200_000 }, (_, n) => ({ n, text: 'order ' + n, list: [n] }));
  const recent = new Array(60_000);
  let largest = 0;
  for (let n = 0; n < 1_500_000; n += 1) {
    recent[n % recent.length] = { n, text: 'abc' + n, list: [n, n] };
    if (n % 20_000 > 0) continue;
    largest = Math.max(largest, process.memoryUsage().heapTotal);
    await new Promise(setImmediate);
  }
  console.log(largest / 1e6, alive.length);`;

/** @param before Code that runs first. */
async function largestHeap(before: string): Promise<number> {
  const words = ['--import', 'tsx', '--input-type=module', '-e', `${before}\n${CHURN}`];
  const { stdout } = await run(process.execPath, words, { env: { PATH: process.env['PATH'] } });
  return Number(stdout.split(' ', 1)[0]);
}

test('a heap that is limited stays near what is alive', async () => {
  const usual = await largestHeap('');
  const limited = await largestHeap(`const { limitHeapGrowth } = await import('${MODULE}'); limitHeapGrowth();`);
  expect(limited).toBeLessThan(0.85 * usual);
});
