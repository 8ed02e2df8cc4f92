import { describe, expect, it } from 'vitest';
import { MerchantKey } from '../../../test/support/merchant-key.ts';
import { parseAccount } from '../../wallet/descriptor/parse-account.ts';
import { fewInSlices } from './derive-in-slices.ts';

const { descriptor } = parseAccount({ xpub: new MerchantKey(3).xpub }, 'regtest');
const task = { descriptor, network: 'regtest', from: 7, count: 300 } as const;

describe('many addresses', () => {
  it('are derived in slices when the thread fails', async () => {
    const failures: unknown[] = [];
    const fault = new Error('the thread cannot be started');
    const derive = fewInSlices(
      () => Promise.reject(fault),
      (error) => failures.push(error),
    );
    const addresses = await derive(task, new AbortController().signal);
    expect(addresses.map(({ index }) => index)).toEqual(Array.from({ length: 300 }, (_, nth) => 7 + nth));
    expect(new Set(addresses.map(({ address }) => address)).size).toBe(300);
    expect(failures).toEqual([fault]);
  });

  it('are not derived in slices when the signal has aborted the thread', async () => {
    const abort = new AbortController();
    const failures: unknown[] = [];
    const derive = fewInSlices(
      async () => {
        abort.abort(new Error('stopping'));
        throw new Error('the thread was terminated');
      },
      (error) => failures.push(error),
    );
    await expect(derive(task, abort.signal)).rejects.toThrow('stopping');
    expect(failures).toEqual([]);
  });
});
