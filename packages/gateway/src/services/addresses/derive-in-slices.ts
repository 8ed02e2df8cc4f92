/** Derives a few addresses in slices, and yields to other work between them. */
import { nextTurn } from '../../kernel/thread/turns.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';
import { accountWallet } from '../merchants/account-wallet.ts';
import type { DerivationTask } from './derive-in-thread.ts';

/** A slice takes 2 to 5 ms. */
const SLICE = 16;
/** Deriving up to this number takes less time than starting a thread. */
const MAX_WITHOUT_THREAD = 256;

type Derive = (task: DerivationTask, signal: AbortSignal) => Promise<readonly ReceiveAddress[]>;

export async function deriveInSlices(task: DerivationTask, signal: AbortSignal): Promise<readonly ReceiveAddress[]> {
  const wallet = accountWallet(task);
  const addresses: ReceiveAddress[] = [];
  while (addresses.length < task.count) {
    signal.throwIfAborted();
    const count = Math.min(SLICE, task.count - addresses.length);
    addresses.push(...wallet.receiveMany(task.from + addresses.length, count));
    await nextTurn();
  }
  return addresses;
}

/**
 * Returns a function that derives few addresses in slices and many by `derive`. If `derive` fails, it derives them in slices as well: no
 * order may depend on a thread.
 *
 * @param failed Called with the error of `derive`.
 */
export function fewInSlices(derive: Derive, failed: (error: unknown) => void): Derive {
  return async (task, signal) => {
    if (task.count <= MAX_WITHOUT_THREAD) return deriveInSlices(task, signal);
    try {
      return await derive(task, signal);
    } catch (error) {
      signal.throwIfAborted();
      failed(error);
      return deriveInSlices(task, signal);
    }
  };
}
