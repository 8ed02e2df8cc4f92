import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { expect, it, onTestFinished, vi } from 'vitest';
import { freeSpace, FreeSpaceWatch } from './free-space.ts';

it('free space is that of the file system of the file, which need not exist yet', async () => {
  expect(await freeSpace(join(tmpdir(), 'no-such.db'))).toBeGreaterThan(0);
  await expect(freeSpace('/no/such/folder/webpos.db')).rejects.toThrow('ENOENT');
});

it('low space is warned of once, and again only after there was enough', async () => {
  const output: string[] = [];
  let [free, looks] = [1e9, 0];
  const watch = new FreeSpaceWatch({
    free: async () => {
      looks += 1;
      return free;
    },
    log: { warn: (_, text) => output.push(`warn ${text}`), info: (_, text) => output.push(`info ${text}`) },
    intervalMs: 5,
  });
  onTestFinished(() => watch.stop());
  const look = async (bytes: number): Promise<void> => {
    free = bytes;
    const before = looks;
    await vi.waitFor(() => expect(looks).toBeGreaterThan(before + 2));
  };
  watch.start();
  for (const bytes of [1e9, 200e6, 190e6, 270e6, 1e9, 10e6]) await look(bytes);
  expect(output).toEqual([
    'warn free space: only 200 MB left for the database; without room no order is made',
    'info free space: 1000 MB again for the database',
    'warn free space: only 10 MB left for the database; without room no order is made',
  ]);
});
