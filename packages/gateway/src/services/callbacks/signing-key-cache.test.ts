import { expect, test } from 'vitest';
import { NOON, sampleAccount, samplePos } from '../../../test/support/samples.ts';
import { plusMs } from '../../kernel/clock.ts';
import type { Pos } from '../../merchants/pos.ts';
import { SigningKeyCache } from './signing-key-cache.ts';

const POS = samplePos(sampleAccount());

function cached(read: () => Pos | undefined): { readonly keys: SigningKeyCache; reads(): number } {
  let reads = 0;
  const store = {
    get: async (): Promise<Pos | undefined> => {
      reads += 1;
      return read();
    },
  };
  const keys = new SigningKeyCache(store, (pos) => ({ platform: Buffer.from(pos.sealedSecret), standard: [] }));
  return { keys, reads: () => reads };
}

test('keys are read once for attempts that begin within 100 ms, and a changed secret takes effect after that', async () => {
  let pos = { ...POS, sealedSecret: 'one' };
  const { keys, reads } = cached(() => pos);
  const secretAt = async (ms: number): Promise<string> =>
    Buffer.from((await keys.of(POS.id, plusMs(NOON, ms))).platform ?? '').toString();
  expect(await Promise.all([secretAt(0), secretAt(50)])).toEqual(['one', 'one']);
  pos = { ...pos, sealedSecret: 'two' };
  expect(await secretAt(99)).toBe('one');
  expect(await secretAt(100)).toBe('two');
  expect(reads()).toBe(2);
});

test('a missing POS is an error, and is looked up again', async () => {
  const stored: Pos[] = [];
  const { keys } = cached(() => stored[0]);
  await expect(keys.of(POS.id, NOON)).rejects.toThrow(/is missing in the store/);
  stored.push(POS);
  await expect(keys.of(POS.id, plusMs(NOON, 100))).resolves.toMatchObject({ standard: [] });
});
