import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MODULE = fileURLToPath(new URL('new-space.ts', import.meta.url));
/** Exchanges many objects, and prints the bytes of the space of new ones. */
const CHURN = `
  const { getHeapSpaceStatistics } = await import('node:v8');
  const recent = new Array(20_000);
  for (let n = 0; n < 2_000_000; n += 1) {
    recent[n % recent.length] = { n, text: 'abc' + n, list: [n] };
    if (n % 5_000 === 0) await new Promise(setImmediate);
  }
  console.log(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);`;

/**
 * @param name The function that is called first, if any.
 * @returns The size of the space, in MB.
 */
async function newSpaceAfter(name?: 'keepNewSpaceSmall' | 'limitNewSpace'): Promise<number> {
  const before = name === undefined ? '' : `const { ${name} } = await import('${MODULE}'); ${name}();`;
  const words = ['--import', 'tsx', '--input-type=module', '-e', `${before}\n${CHURN}`];
  const { stdout } = await promisify(execFile)(process.execPath, words, { env: { PATH: process.env['PATH'] } });
  return Number(stdout) / 2 ** 20;
}

test('the space of new objects stays at most a quarter of what it grows to otherwise, or grows to 16 MB', async () => {
  const unlimited = await newSpaceAfter();
  expect((await newSpaceAfter('keepNewSpaceSmall')) * 4).toBeLessThanOrEqual(unlimited);
  expect(await newSpaceAfter('limitNewSpace')).toBe(16);
  expect(unlimited).toBeGreaterThan(16);
});
