import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

const MODULE = new URL('end-process.ts', import.meta.url).href;

/** Runs a program that has set its exit status and asked for its end, and answers the status. */
async function statusOf(rest: string): Promise<unknown> {
  const program = `import { endProcess } from '${MODULE}'; process.exitCode = 3; endProcess(50); ${rest}`;
  const words = ['--conditions=webpos-source', '--import', 'tsx', '--input-type=module', '--eval', program];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 20_000 });
  const [status] = (await once(child, 'close')) as [number | null];
  return status;
}

test('a process that something still keeps ends with its status', async () => {
  expect(await statusOf('setInterval(() => {}, 1_000);')).toBe(3);
});

test('a process that nothing keeps ends with its status', async () => {
  expect(await statusOf('')).toBe(3);
});
