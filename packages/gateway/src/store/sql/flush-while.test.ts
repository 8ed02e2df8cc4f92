import { expect, test } from 'vitest';
import { flushWhile } from './flush-while.ts';

test('a file is flushed again and again while it is written, and once more afterwards', async () => {
  let flushes = 0;
  let isWritten = false;
  let writtenAt = Infinity;
  const file = {
    datasync: async () => {
      flushes += 1;
      if (flushes === 5) write();
    },
  };
  let write = (): void => {};
  const writing = new Promise<void>((resolve) => {
    write = () => {
      isWritten = true;
      writtenAt = flushes;
      resolve();
    };
  });
  await flushWhile(file, writing, 0);
  expect([isWritten, writtenAt]).toEqual([true, 5]);
});

test('a writer that fails is reported, and the flushes end', async () => {
  let flushes = 0;
  const file = { datasync: async () => void (flushes += 1) };
  await expect(flushWhile(file, Promise.reject(new Error('the disk is full')), 0)).rejects.toThrow('the disk is full');
  await new Promise((resolve) => setImmediate(resolve));
  const before = flushes;
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(flushes).toBe(before);
});

test('a flush that fails is reported once the file is written', async () => {
  const file = {
    datasync: async () => {
      throw new Error('EIO');
    },
  };
  await expect(flushWhile(file, Promise.resolve(), 0)).rejects.toThrow('EIO');
});
