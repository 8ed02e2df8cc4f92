import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OrderId } from '../kernel/ids.ts';
import { forgottenFile, type ForgottenEntry, type ForgottenFile } from './forgotten-file.ts';

const AT = '2026-11-30T12:00:00.000Z';
let folder: string;
let file: ForgottenFile;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-forgotten-'));
  file = forgottenFile(join(folder, 'webpos.marks'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const entry = (...parameters: string[]): ForgottenEntry => ({ id: randomUUID() as OrderId, parameters });

test('a record that does not exist yet has no orders', async () => {
  expect(await file.read()).toEqual([]);
});

test('orders are read back with the names of their parameters, and only the owner may read the file', async () => {
  const entries = [entry(), entry('order', 'a b', 'größe=%')];
  for (const one of entries) await file.add(one, AT);
  expect(await file.read()).toEqual(entries);
  expect((await stat(file.path)).mode & 0o777).toBe(0o600);
});

test('a line that was cut off anywhere spoils neither the orders before it nor those after it', async () => {
  const [first, cut, last] = [entry('order'), entry('größe'), entry('email')];
  await file.add(first, AT);
  const before = await readFile(file.path);
  await file.add(cut, AT);
  const whole = await readFile(file.path);
  for (let length = before.length; length < whole.length; length += 1) {
    await writeFile(file.path, whole.subarray(0, length));
    await file.add(last, AT);
    const entries = await file.read();
    expect(entries.filter(({ id }) => id !== cut.id)).toEqual([first, last]);
  }
});
