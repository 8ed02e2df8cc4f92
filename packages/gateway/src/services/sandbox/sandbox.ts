/** The sandbox as the services use it: a scripted chain, and a way to wait until the gateway has read it. */
import { ContractError } from '../../contract/contract-error.ts';
import type { BlockRef, ScriptHex, Txid } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Sats } from '../../kernel/sats.ts';
import { KeyedSerialQueues } from '../../kernel/serial.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { OrderChangeContext, OrderTimes } from '../context.ts';

/** A change of the chain to store. */
type ChainSave = Parameters<StoreTransaction['sandbox']['save']>[0];

export type SandboxContext = OrderChangeContext & OrderTimes;

/** A chain that is controlled by calls. */
export interface ScriptedChain {
  readonly maxReorganisationDepth: number;
  /** Adds a payment to a script to the mempool. */
  pay(script: ScriptHex, amount: Sats): Promise<Txid>;
  /** Replaces a mempool transaction by one with a higher fee and these outputs. */
  replace(txid: Txid, outputs: readonly []): Promise<Txid>;
  mine(how: { readonly blocks?: number; readonly first?: readonly Txid[] }): Promise<BlockRef>;
  /** Reorganises the chain so that transactions leave their blocks: `held` in the mempool, where miners skip them, or `dropped` from it. */
  displace(txids: readonly Txid[], into: 'held' | 'dropped'): Promise<void>;
  /** Broadcasts dropped transactions again. */
  resend(txids: readonly Txid[]): Promise<void>;
  /**
   * Double-spends the coins of transactions, so that these can never come back.
   *
   * @param which The transactions, or a function that finds them while the chain stands still.
   * @param store Stores the change of the chain, if there is one, together with other changes of the caller.
   */
  doubleSpend(
    which: readonly Txid[] | (() => Promise<readonly Txid[]>),
    store?: (change: ChainSave | undefined) => Promise<void>,
  ): Promise<void>;
}

export interface Sandbox {
  readonly chain: ScriptedChain;
  /** Resolves when the gateway has read the chain up to its tip. @throws ContractError 4006 if it does not in time. */
  caughtUp(): Promise<void>;
  /** Mines the next blocks faster, so that a person can watch the confirmation of a payment. */
  hurry(blocks: number): void;
  /** Runs the work on an order one after the other, in the order of the calls. */
  inTurn<T>(id: OrderId, work: () => Promise<T>): Promise<T>;
}

export interface SandboxParts {
  readonly chain: ScriptedChain;
  readonly caughtUp: (signal: AbortSignal) => Promise<void>;
  readonly hurry: (blocks: number) => void;
}

const CATCH_UP_TIMEOUT_MS = 10_000;

export function createSandbox({ chain, caughtUp, hurry }: SandboxParts): Sandbox {
  const turns = new KeyedSerialQueues<OrderId>();
  return {
    chain,
    hurry,
    caughtUp: async () => {
      const signal = AbortSignal.timeout(CATCH_UP_TIMEOUT_MS);
      try {
        await caughtUp(signal);
      } catch (cause) {
        if (!signal.aborted) throw cause;
        const message = 'the gateway has not read the sandbox chain up to its tip yet';
        throw new ContractError('4006', message, { retryAfterS: 1, cause });
      }
    },
    inTurn: (id, work) => turns.run(id, work),
  };
}
