import type { CallbackSender } from '../../callbacks/attempt.ts';
import type { StoredCallback } from '../../callbacks/callback.ts';
import type { CallbackKeys } from '../../callbacks/sign.ts';
import type { LoopLog } from '../../kernel/task-loop.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { AttemptEnd, AttemptOutcome } from '../../store/ports/attempt-outcome.ts';
import type { GuardedContext, StoreContext } from '../context.ts';
import type { DeliveryPeers } from './delivery-peers.ts';
import type { EndpointHealth } from './endpoint-health.ts';

export interface DeliveryOptions {
  readonly context: StoreContext & GuardedContext;
  readonly sender: CallbackSender;
  /** Returns the keys that sign a POS's callbacks now. */
  readonly keysOf: (pos: Pos) => CallbackKeys;
  /** Identifies this process among all that claim callbacks of this database. */
  readonly claimant: string;
  /** The other processes that deliver. Default: this one is alone. */
  readonly peers?: DeliveryPeers | undefined;
  /** Returns a number from 0 to below 1. */
  readonly random: () => number;
  readonly log: LoopLog;
  /** How long a callback is retried, in milliseconds. */
  readonly giveUpAfterMs: number;
  /** How long attempts are stored, in milliseconds. */
  readonly attemptRetentionMs: number;
  /** How long events are stored after their delivery has ended, in milliseconds. Default: for ever. */
  readonly eventRetentionMs?: number | undefined;
  /** The lease of a claim, in milliseconds: longer than any attempt can take. Default 30,000. */
  readonly claimMs?: number;
  /** How long a stop waits for the attempts under way before it aborts them, in milliseconds. Default: until they end. */
  readonly stopTimeoutMs?: number;
  /** Records which endpoints fail. Default: not recorded. */
  readonly health?: EndpointHealth;
  /** Called with the outcome of every attempt, before it is stored. */
  readonly attempted?: (outcome: AttemptOutcome['kind']) => void;
  /** Called with every attempt and its outcome, before it is stored. */
  readonly attemptEnded?: (callback: StoredCallback, end: AttemptEnd) => void;
}
