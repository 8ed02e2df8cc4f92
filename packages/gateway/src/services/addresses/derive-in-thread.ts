/**
 * Derives addresses in a thread of its own, so that no request waits for it. The thread is started when it is needed and ended
 * when it has had nothing to do for a while, so that it costs no memory then.
 */
import { Worker } from 'node:worker_threads';
import type { Account } from '../../merchants/account.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';

/** What the thread is asked for. */
export interface DerivationTask extends Pick<Account, 'descriptor' | 'network'> {
  readonly from: number;
  readonly count: number;
}

/** What it answers: the addresses, or why none exist. */
export type DerivationAnswer = { readonly addresses: readonly ReceiveAddress[] } | { readonly fault: string };

/** Batches follow one another at once; a new thread takes a tenth of a second, an idle one 50 MB. */
const IDLE_MS = 1_000;

/** A batch leaves little behind; without a bound, the thread takes tens of megabytes before it tidies up. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

export class DerivationThread {
  #worker: Worker | undefined;
  #ending: NodeJS.Timeout | undefined;

  /**
   * One task at a time.
   *
   * @throws Error when the thread cannot be started or ends, or when the signal ends the waiting.
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
  // Built, this file is a part of some module that lies beside the thread's; from source, the thread needs what reads TypeScript.
  const worker = import.meta.url.endsWith('.ts')
    ? fromSource(new URL('./derivation-worker.ts', import.meta.url))
    : new Worker(new URL('./derivation-worker.js', import.meta.url), { execArgv: [], resourceLimits: RESOURCE_LIMITS });
  // Whatever it says when nobody asks must not end the process.
  worker.on('error', () => {});
  worker.unref();
  return worker;
}

/** A thread does not have the hooks of the one that started it, nor does it take them from `--import`. */
function fromSource(url: URL): Worker {
  const tsx = import.meta.resolve('tsx/esm/api');
  const start = `import(${JSON.stringify(tsx)}).then(({ register }) => (register(), import(${JSON.stringify(url.href)})))`;
  return new Worker(start, { eval: true, execArgv: ['--conditions=webpos-source'] });
}

function ask(worker: Worker, task: DerivationTask, signal: AbortSignal): Promise<DerivationAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off('message', onAnswer).off('error', fail).off('exit', onExit);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error): void => {
      settle();
      reject(error);
    };
    const onAnswer = (answer: DerivationAnswer): void => {
      settle();
      resolve(answer);
    };
    const onExit = (code: number): void => fail(new Error(`the thread that derives addresses has ended (${code})`));
    const onAbort = (): void => fail(signal.reason as Error);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    worker.on('message', onAnswer).on('error', fail).on('exit', onExit);
    // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
    worker.postMessage(task);
  });
}
