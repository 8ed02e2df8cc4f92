/** Derives a few addresses in slices, and yields to other work between them. */
import { nextTurn } from '../../kernel/thread/turns.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';
import { accountWallet } from '../merchants/account-wallet.ts';
import type { DerivationTask } from './derive-in-thread.ts';

/** How many addresses the first slice has, and how many one may have. */
const SLICE = { first: 8, most: 64 };
/** How long a slice should take: how many addresses that is depends on the machine and on the number of keys. */
const SLICE_MS = 4;
/** Deriving up to this number takes less time than starting a thread. */
const MAX_WITHOUT_THREAD = 256;

type Derive = (task: DerivationTask, signal: AbortSignal) => Promise<readonly ReceiveAddress[]>;

export async function deriveInSlices(task: DerivationTask, signal: AbortSignal): Promise<readonly ReceiveAddress[]> {
  const wallet = accountWallet(task);
  const addresses: ReceiveAddress[] = [];
  let slice = SLICE.first;
  while (addresses.length < task.count) {
    signal.throwIfAborted();
    const count = Math.min(slice, task.count - addresses.length);
    const startedAtMs = performance.now();
    addresses.push(...wallet.receiveMany(task.from + addresses.length, count));
    const fitting = Math.round((count * SLICE_MS) / (performance.now() - startedAtMs));
    slice = Math.min(SLICE.most, slice * 2, Math.max(1, fitting));
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
