/**
 * Rebroadcasts missing payments with their unconfirmed ancestors: immediately, then after 1, 2, 4, 8 and 16 minutes and finally every 30,
 * until they are back or reverted. A refusal decides nothing: the node may refuse a transaction because its fee is too low today, or because
 * the node is still catching up. Only a transaction that spends the same outputs shows that a payment was replaced.
 */
import type { ChainSource, SubmitOutcome } from '../../chain/source.ts';
import type { Txid } from '../../kernel/chain.ts';
import { plusMs, type Clock, type EpochMs } from '../../kernel/clock.ts';
import { MINUTE_MS } from '../../kernel/durations.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { PaymentFamily } from '../../store/ports/payment-transaction-store.ts';
import type { Store } from '../../store/ports/store.ts';

const MAX_PAUSE_MS = 30 * MINUTE_MS;
/** How many families are read at a time. A family has at most 25 ancestors and 400 kB. */
const FAMILIES_A_PAGE = 20;
const SUBMIT_TIMEOUT_MS = 30_000;

export interface RebroadcastOptions {
  readonly store: Pick<Store, 'orders' | 'unassigned' | 'payouts' | 'transactions'>;
  readonly source: Pick<ChainSource, 'submit'>;
  readonly clock: Clock;
  /** Returns a number from 0 to below 1. */
  readonly random: () => number;
  readonly log: LoopLog;
  /** Called when the source has accepted a transaction: the mempool must be read again. */
  readonly taken: () => void;
}

interface Sent {
  readonly attempts: number;
  readonly nextAt: EpochMs;
}

export class PaymentRebroadcast {
  readonly #options: RebroadcastOptions;
  readonly #loop: TaskLoop;
  /** The rebroadcasts of payments that are still missing. Not stored: a restart begins again. */
  #sent = new Map<Txid, Sent>();

  constructor(options: RebroadcastOptions) {
    this.#options = options;
    this.#loop = new TaskLoop({
      name: 'rebroadcast',
      idleMs: MINUTE_MS,
      retryMs: 5_000,
      log: options.log,
      task: (signal) => this.#round(signal),
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Rebroadcasts soon: payments have become missing. */
  wake(): void {
    this.#loop.wake();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #round(signal: AbortSignal): Promise<number | undefined> {
    const { store, clock } = this.#options;
    const unconfirmed = [];
    for (const payments of [store.orders, store.unassigned, store.payouts])
      unconfirmed.push(...(await payments.unconfirmedPayments()));
    const missing = unconfirmed.filter(({ place }) => place.kind === 'missing');
    const txids = new Set(missing.map(({ outPoint }) => outPoint.txid));
    this.#sent = new Map([...this.#sent].filter(([txid]) => txids.has(txid)));
    const due = [...txids].filter((txid) => (this.#sent.get(txid)?.nextAt ?? 0) <= clock.now());
    for (let start = 0; start < due.length && !signal.aborted; start += FAMILIES_A_PAGE) {
      const page = due.slice(start, start + FAMILIES_A_PAGE);
      const families = await store.transactions.families(page);
      let wasTaken = false;
      for (const txid of page) wasTaken = (await this.#send(txid, families.get(txid), signal)) || wasTaken;
      if (wasTaken) this.#options.taken();
    }
    const next = Math.min(...[...this.#sent.values()].map(({ nextAt }) => nextAt));
    return Number.isFinite(next) ? Math.max(1_000, next - clock.now()) : undefined;
  }

  /** @returns Whether the source has the payment now. */
  async #send(txid: Txid, family: PaymentFamily | undefined, signal: AbortSignal): Promise<boolean> {
    const { clock, random, log } = this.#options;
    const attempts = (this.#sent.get(txid)?.attempts ?? 0) + 1;
    let outcome: SubmitOutcome = { kind: 'refused', reason: 'its transaction is not stored' };
    for (const { raw } of family?.members ?? []) {
      // A refused ancestor may be confirmed already. Only the outcome of the payment counts, which is the last member.
      outcome = await this.#options.source.submit(raw, AbortSignal.any([signal, AbortSignal.timeout(SUBMIT_TIMEOUT_MS)]));
    }
    this.#sent.set(txid, { attempts, nextAt: plusMs(clock.now(), pauseMs(attempts, random())) });
    const fields = { txid, attempts, ...(outcome.kind === 'refused' && { reason: outcome.reason }) };
    if (outcome.kind === 'taken') log.info(fields, 'payment: rebroadcast and accepted');
    else if (attempts === 1) log.warn(fields, 'payment: rebroadcast and refused');
    return outcome.kind === 'taken';
  }
}

/** The pause after an attempt: 1, 2, 4, 8, 16 and then 30 minutes, each up to a quarter shorter. */
export function pauseMs(attempts: number, random: number): number {
  const maxMs = Math.min(MAX_PAUSE_MS, MINUTE_MS * 2 ** Math.min(attempts - 1, 10));
  return Math.round(maxMs * (1 - random / 4));
}
