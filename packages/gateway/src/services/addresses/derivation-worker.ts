/** The thread that derives addresses. It handles one task at a time and receives only public keys. */
import { parentPort } from 'node:worker_threads';
import { errorMessage } from '../../kernel/error-message.ts';
import type { AccountWallet } from '../../wallet/account-wallet.ts';
import { parseAccount } from '../../wallet/descriptor/parse-account.ts';
import type { DerivationAnswer, DerivationTask } from './derive-in-thread.ts';

const wallets = new Map<string, AccountWallet>();

parentPort?.on('message', (task: DerivationTask) => {
  // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(answer(task));
});

function answer({ descriptor, network, from, count }: DerivationTask): DerivationAnswer {
  try {
    const wallet = wallets.get(descriptor) ?? parseAccount({ descriptor }, network);
    wallets.set(descriptor, wallet);
    return { addresses: wallet.receiveMany(from, count) };
  } catch (error) {
    return { fault: errorMessage(error) };
  }
}
