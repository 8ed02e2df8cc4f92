import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { expect, it, onTestFinished, vi } from 'vitest';
import { freeSpace, FreeSpaceWatch } from './free-space.ts';

it('freeSpace measures the file system of a file that need not exist yet', async () => {
  expect(await freeSpace(join(tmpdir(), 'no-such.db'))).toBeGreaterThan(0);
  await expect(freeSpace('/no/such/folder/webpos.db')).rejects.toThrow('ENOENT');
});

it('the free space watch warns once, and again only after there was enough space', async () => {
  const output: string[] = [];
  let [free, checks] = [1e9, 0];
  const watch = new FreeSpaceWatch({
    free: async () => {
      checks += 1;
      return free;
    },
    log: { warn: (_, text) => output.push(`warn ${text}`), info: (_, text) => output.push(`info ${text}`) },
    intervalMs: 5,
  });
  onTestFinished(() => watch.stop());
  const check = async (bytes: number): Promise<void> => {
    free = bytes;
    const before = checks;
    await vi.waitFor(() => expect(checks).toBeGreaterThan(before + 2));
  };
  watch.start();
  for (const bytes of [1e9, 200e6, 190e6, 270e6, 1e9, 10e6]) await check(bytes);
  expect(output).toEqual([
    'warn free space: only 200 MB left for the database; without space no order is created',
    'info free space: the database has 1000 MB again',
    'warn free space: only 10 MB left for the database; without space no order is created',
  ]);
});
