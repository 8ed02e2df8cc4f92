import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MODULE = fileURLToPath(new URL('keep-new-space-small.ts', import.meta.url));
/** Exchanges many objects, and prints the bytes of the space of new ones. */
const CHURN = `
  const { getHeapSpaceStatistics } = await import('node:v8');
  const recent = new Array(20_000);
  for (let n = 0; n < 500_000; n += 1) recent[n % recent.length] = { n, text: 'abc' + n, list: [n] };
  console.log(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);`;

/** @param before Code that runs first. */
async function newSpaceAfter(before: string): Promise<number> {
  const words = ['--import', 'tsx', '--input-type=module', '-e', `${before}\n${CHURN}`];
  const { stdout } = await promisify(execFile)(process.execPath, words, { env: { PATH: process.env['PATH'] } });
  return Number(stdout);
}

test('the space of new objects stays at most a quarter of what it grows to otherwise', async () => {
  const small = await newSpaceAfter(`const { keepNewSpaceSmall } = await import('${MODULE}'); keepNewSpaceSmall();`);
  expect(small * 4).toBeLessThanOrEqual(await newSpaceAfter(''));
});
