/**
 * Derives addresses in a worker thread, so that no request waits for the computation. The thread starts when it is needed and is
 * terminated when it has been idle for a while, because it takes memory.
 */
import { Worker } from 'node:worker_threads';
import type { Account } from '../../merchants/account.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';

export interface DerivationTask extends Pick<Account, 'descriptor' | 'network'> {
  readonly from: number;
  readonly count: number;
}

export type DerivationAnswer = { readonly addresses: readonly ReceiveAddress[] } | { readonly fault: string };

/** A new thread takes some tenths of a second to start, and an idle one 20 to 30 MB. Batches follow each other without a pause. */
const IDLE_MS = 1_000;

/** Little memory outlives a batch. Without a limit, the thread grows by tens of megabytes before it collects garbage. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

export class DerivationThread {
  #worker: Worker | undefined;
  #ending: NodeJS.Timeout | undefined;

  /**
   * Derives the addresses of one task. Tasks must not overlap.
   *
   * @throws Error if the thread cannot be started or exits; the signal's reason if it aborts.
   */
  async derive(task: DerivationTask, signal: AbortSignal): Promise<readonly ReceiveAddress[]> {
    clearTimeout(this.#ending);
    const worker = (this.#worker ??= startWorker());
    try {
      const answer = await ask(worker, task, signal);
      if ('fault' in answer) throw new Error(`addresses cannot be derived: ${answer.fault}`);
      this.#ending = setTimeout(() => void this.stop(), IDLE_MS).unref();
      return answer.addresses;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    clearTimeout(this.#ending);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

function startWorker(): Worker {
  // When built, this file is bundled into a module beside the worker's. From source, the worker needs a loader for TypeScript.
  const worker = import.meta.url.endsWith('.ts')
    ? fromSource(new URL('./derivation-worker.ts', import.meta.url))
    : new Worker(new URL('./derivation-worker.js', import.meta.url), { execArgv: [], resourceLimits: RESOURCE_LIMITS });
  // An error while no task is under way must not end the process.
  worker.on('error', () => {});
  worker.unref();
  return worker;
}

/** A worker does not inherit the module hooks of its parent, and ignores `--import`. */
function fromSource(url: URL): Worker {
  const tsx = import.meta.resolve('tsx/esm/api');
  const start = `import(${JSON.stringify(tsx)}).then(({ register }) => (register(), import(${JSON.stringify(url.href)})))`;
  return new Worker(start, { eval: true, execArgv: ['--conditions=webpos-source'] });
}

function ask(worker: Worker, task: DerivationTask, signal: AbortSignal): Promise<DerivationAnswer> {
  return new Promise((resolve, reject) => {
    const cleanUp = (): void => {
      worker.off('message', onAnswer).off('error', fail).off('exit', onExit);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error): void => {
      cleanUp();
      reject(error);
    };
    const onAnswer = (answer: DerivationAnswer): void => {
      cleanUp();
      resolve(answer);
    };
    const onExit = (code: number): void => fail(new Error(`the derivation thread exited with code ${code}`));
    const onAbort = (): void => fail(signal.reason as Error);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    worker.on('message', onAnswer).on('error', fail).on('exit', onExit);
    // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
    worker.postMessage(task);
  });
}
