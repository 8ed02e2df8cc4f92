import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MODULE = fileURLToPath(new URL('limit-new-space.ts', import.meta.url));
/** Exchanges many objects, and prints the bytes of the space of new ones. */
const CHURN = `
  const { getHeapSpaceStatistics } = await import('node:v8');
  const recent = new Array(20_000);
  for (let n = 0; n < 2_000_000; n += 1) {
    recent[n % recent.length] = { n, text: 'abc' + n, list: [n] };
    if (n % 5_000 === 0) await new Promise(setImmediate);
  }
  console.log(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);`;

/** @param before Code that runs first. */
async function newSpaceAfter(before: string): Promise<number> {
  const words = ['--import', 'tsx', '--input-type=module', '-e', `${before}\n${CHURN}`];
  const { stdout } = await promisify(execFile)(process.execPath, words, { env: { PATH: process.env['PATH'] } });
  return Number(stdout) / 2 ** 20;
}

test('the space of new objects grows to 16 MB, and otherwise to 32', async () => {
  const limited = await newSpaceAfter(`const { limitNewSpace } = await import('${MODULE}'); limitNewSpace();`);
  const other = await newSpaceAfter('');
  expect([limited, other]).toEqual([16, 32]);
});
