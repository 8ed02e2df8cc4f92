/** Derives a few addresses beside everything else, in pieces between which others get their turn. */
import { setImmediate as turnOfOthers } from 'node:timers/promises';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';
import { accountWallet } from '../merchants/account-wallet.ts';
import type { DerivationTask } from './derive-in-thread.ts';

/** Some 2 to 5 ms each. */
const PIECE = 16;
/** Up to so many are sooner derived here than a thread is started. */
const FEW = 256;

type Derive = (task: DerivationTask, signal: AbortSignal) => Promise<readonly ReceiveAddress[]>;

export async function deriveInSlices(task: DerivationTask, signal: AbortSignal): Promise<readonly ReceiveAddress[]> {
  const wallet = accountWallet(task);
  const addresses: ReceiveAddress[] = [];
  while (addresses.length < task.count) {
    signal.throwIfAborted();
    const count = Math.min(PIECE, task.count - addresses.length);
    addresses.push(...wallet.receiveMany(task.from + addresses.length, count));
    await turnOfOthers();
  }
  return addresses;
}

/**
 * Few addresses are derived here, many by `derive`. Where that fails they are derived here too: no sale may wait for a thread.
 *
 * @param failed Told why `derive` failed.
 */
export function fewInSlices(derive: Derive, failed: (error: unknown) => void): Derive {
  return async (task, signal) => {
    if (task.count <= FEW) return deriveInSlices(task, signal);
    try {
      return await derive(task, signal);
    } catch (error) {
      signal.throwIfAborted();
      failed(error);
      return deriveInSlices(task, signal);
    }
  };
}
