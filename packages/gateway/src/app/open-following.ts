/** Opens the parts that follow the chain and update payments and orders accordingly. */
import { SandboxMiner } from '../chain/sandbox/miner.ts';
import { Watcher } from '../chain/watcher.ts';
import { TaskLoop } from '../kernel/task-loop.ts';
import type { WatchedAddresses } from '../services/addresses/watched-addresses.ts';
import type { AccountId } from '../kernel/ids.ts';
import type { RateSource } from '../rates/source.ts';
import type { OrderChangeContext } from '../services/context.ts';
import { ChainFollowing } from '../services/chain/follow-chain.ts';
import { logUnassigned } from '../services/chain/log-unassigned.ts';
import { pruneTransactions } from '../services/chain/prune-transactions.ts';
import { PaymentRebroadcast } from '../services/chain/rebroadcast-payments.ts';
import { WatchedRefunds } from '../services/refunds/watched-refunds.ts';
import { createSandbox, type Sandbox } from '../services/sandbox/sandbox.ts';
import type { OpenedChain } from './open-chain.ts';
import type { Opening } from './opening.ts';

const PRUNE_EVERY_MS = 600_000;
const RETRY_MS = 60_000;

export interface Following {
  readonly watcher: Watcher;
  readonly rebroadcast: PaymentRebroadcast;
  readonly transactionPruning: TaskLoop;
  /** Mines the sandbox chain; undefined with a node. */
  readonly miner: SandboxMiner | undefined;
  /** Scripts the sandbox chain for the test endpoints; undefined with a node. */
  readonly scripted: Sandbox | undefined;
}

export interface FollowingParts {
  readonly context: OrderChangeContext;
  readonly chain: OpenedChain;
  readonly watched: WatchedAddresses;
  readonly rates: RateSource;
  /** Called with the index below which a payment has skipped an account's addresses. */
  readonly skipped: (id: AccountId, to: number) => Promise<void>;
}

export function openFollowing({ config, clock, random, log, signals }: Opening, parts: FollowingParts): Following {
  const { context, watched, rates, skipped } = parts;
  const { source, sandbox, scripts, outPoints } = parts.chain;
  const { store } = context;
  const { chain, missingPaymentTimeoutMs: missingTimeoutMs } = config;
  const refunds: WatchedRefunds = new WatchedRefunds({ store, clock, watch: (scripts) => watcher.watch(scripts) });
  const follower = new ChainFollowing(context, watched, refunds, {
    outPoints,
    missingTimeoutMs,
    rates,
    log,
    unassignedSeen: async (seen) => {
      logUnassigned(log, seen);
      for (const { accountId, to } of seen.skipped) await skipped(accountId, to);
    },
    paymentsMissing: () => rebroadcast.wake(),
    tipMoved: () => signals.tipMoved.emit(),
  });
  const watcher = new Watcher({ source, follower, scripts, outPoints, clock, log });
  const rebroadcast = new PaymentRebroadcast({ store, source, clock, random, log, taken: () => watcher.wake() });
  const transactionPruning = new TaskLoop({
    name: 'payment transactions',
    idleMs: PRUNE_EVERY_MS,
    retryMs: RETRY_MS,
    log,
    task: async (signal) => {
      await pruneTransactions({ store, clock, finalDepth: config.finalDepth, missingTimeoutMs, outPoints }, signal);
      return undefined;
    },
  });
  const miner =
    sandbox === undefined || chain.kind !== 'sandbox'
      ? undefined
      : new SandboxMiner({ chain: sandbox, intervalMs: chain.blockIntervalMs, log });
  const scripted =
    sandbox &&
    createSandbox({
      chain: sandbox,
      caughtUp: (signal) => watcher.caughtUp(signal),
      hurry: (blocks) => miner?.hurry(blocks),
    });
  return { watcher, rebroadcast, transactionPruning, miner, scripted };
}
