import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

const MODULE = new URL('end-process.ts', import.meta.url).href;

/** Runs a program that sets its exit status and calls endProcess, and returns the status. */
async function statusOf(rest: string): Promise<unknown> {
  const program = `import { endProcess } from '${MODULE}'; process.exitCode = 3; endProcess(50); ${rest}`;
  const words = ['--conditions=webpos-source', '--import', 'tsx', '--input-type=module', '--eval', program];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 20_000 });
  const [status] = (await once(child, 'close')) as [number | null];
  return status;
}

test('endProcess ends a process that something keeps alive, with its status', async () => {
  expect(await statusOf('setInterval(() => {}, 1_000);')).toBe(3);
});

test('endProcess lets a process end by itself, with its status', async () => {
  expect(await statusOf('')).toBe(3);
});
