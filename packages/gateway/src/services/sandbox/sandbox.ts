/** The sandbox as the services have it: a chain that does as it is told, and a way to see what came of it. */
import { ContractError } from '../../contract/contract-error.ts';
import type { BlockRef, ScriptHex, Txid } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Sats } from '../../kernel/sats.ts';
import { KeyedSerialQueues } from '../../kernel/serial.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { OrderChangeContext, OrderTimes } from '../context.ts';

/** What a change of the chain stores. */
type ChainSave = Parameters<StoreTransaction['sandbox']['save']>[0];

/** Bringing something about moves an order or begins it again. */
export type SandboxContext = OrderChangeContext & OrderTimes;

/** A chain that follows a script. */
export interface ScriptedChain {
  readonly maxReorganisationDepth: number;
  /** Puts a payment to a script into the mempool. */
  pay(script: ScriptHex, amount: Sats): Promise<Txid>;
  /** Replaces a transaction of the mempool by one that pays more to miners, and these outputs. */
  replace(txid: Txid, outputs: readonly []): Promise<Txid>;
  mine(how: { readonly blocks?: number; readonly first?: readonly Txid[] }): Promise<BlockRef>;
  /** A reorganisation in which these fall out of their blocks: into the mempool, where miners pass them over, or out of that too. */
  displace(txids: readonly Txid[], into: 'held' | 'dropped'): Promise<void>;
  /** Sends transactions again that were dropped. */
  resend(txids: readonly Txid[]): Promise<void>;
  /**
   * Spends the coins of transactions otherwise, so that they can never come back.
   *
   * @param which Transactions, or how they are found while the chain stands still.
   * @param store Stores what changes, if anything does, with all else that is to be stored with it.
   */
  doubleSpend(
    which: readonly Txid[] | (() => Promise<readonly Txid[]>),
    store?: (change: ChainSave | undefined) => Promise<void>,
  ): Promise<void>;
}

export interface Sandbox {
  readonly chain: ScriptedChain;
  /** Settles when the gateway has seen all that was done to the chain. @throws ContractError 4006 when it does not in time. */
  caughtUp(): Promise<void>;
  /** Mines the next blocks faster, so that a person can watch a payment being confirmed. */
  hurry(blocks: number): void;
  /** Does one thing to an order after the other, in the order in which they were asked for. */
  inTurn<T>(id: OrderId, work: () => Promise<T>): Promise<T>;
}

export interface SandboxParts {
  readonly chain: ScriptedChain;
  readonly caughtUp: (signal: AbortSignal) => Promise<void>;
  readonly hurry: (blocks: number) => void;
}

/** How long to wait until what was done to the chain has been seen. */
const CATCH_UP_MS = 10_000;

export function createSandbox({ chain, caughtUp, hurry }: SandboxParts): Sandbox {
  const turns = new KeyedSerialQueues<OrderId>();
  return {
    chain,
    hurry,
    caughtUp: async () => {
      const signal = AbortSignal.timeout(CATCH_UP_MS);
      try {
        await caughtUp(signal);
      } catch (cause) {
        if (!signal.aborted) throw cause;
        const message = 'the gateway has not yet seen what was done on the sandbox chain';
        throw new ContractError('4006', message, { retryAfterS: 1, cause });
      }
    },
    inTurn: (id, work) => turns.run(id, work),
  };
}
