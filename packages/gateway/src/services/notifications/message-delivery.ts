/**
 * Sends the messages of one channel. A message is claimed in the database before it is sent, so that several processes do not send it
 * twice needlessly, and its outcome is stored afterwards: a crash between the two sends it again, under the same id.
 *
 * A message that is refused for good is given up at once, any other after three days of retries. While nothing can be sent at all, the
 * channel pauses, longer with every failure, and tries one message at a time. Nothing else of the gateway waits for it.
 */
import { nextAttempt } from '../../callbacks/schedule.ts';
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../kernel/durations.ts';
import { errorMessage } from '../../kernel/error-message.ts';
import { FailureBursts, failureText } from '../../kernel/failure-bursts.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import { afterQuiet } from '../../notifications/due-at.ts';
import type { SendResult } from '../../notifications/mail.ts';
import type { Subscription } from '../../notifications/subscription.ts';
import type { MessageChannel, MessageOutcome, StoredMessage } from '../../store/ports/notifications/message-store.ts';
import type { Store } from '../../store/ports/store.ts';
import { isStoreDown } from '../../store/store-down.ts';
import { prepareMessage, type Prepared, type PreparingContext } from './prepare-message.ts';

export interface MessageDeliveryOptions {
  readonly channel: MessageChannel;
  readonly context: PreparingContext & { readonly store: Store };
  /** Sends one message. Never rejects. */
  readonly send: (id: StoredMessage['id'], prepared: Prepared, signal: AbortSignal) => Promise<SendResult>;
  /** Names this process. */
  readonly claimant: string;
  /** Returns a number from 0 to below 1. */
  readonly random: () => number;
  readonly log: LoopLog;
  /** Longer than `send` may take. */
  readonly claimMs: number;
  /** How long attempts under way may take to end when the gateway stops. */
  readonly stopTimeoutMs: number;
  readonly attempted?: (channel: MessageChannel, outcome: MessageOutcome['kind']) => void;
  readonly idleMs?: number;
}

/** How many messages are sent at the same time. */
const SLOTS = 4;
const IDLE_MS = 2 * SECOND_MS;
export const GIVE_UP_AFTER_MS: number = 3 * DAY_MS;
const MAX_PAUSE_MS = 5 * MINUTE_MS;

export class MessageDelivery {
  readonly #options: MessageDeliveryOptions;
  readonly #loop: TaskLoop;
  readonly #running = new Set<Promise<void>>();
  readonly #aborting = new AbortController();
  readonly #storeFailures: FailureBursts;
  #failures = 0;
  #pausedUntil: EpochMs | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: MessageDeliveryOptions) {
    this.#options = options;
    const { channel, log, idleMs = IDLE_MS } = options;
    this.#storeFailures = new FailureBursts((fields, message) => log.warn(fields, message));
    this.#loop = new TaskLoop({ name: `notifications: ${channel}`, idleMs, retryMs: SECOND_MS, log, task: () => this.#round() });
  }

  start(): void {
    this.#loop.start();
  }

  /** Makes a round soon: a message may have become due. */
  wake(): void {
    this.#loop.wake();
  }

  /** Begins no more attempts. */
  beginStop(): void {
    this.#stopped ??= this.#stop();
  }

  stop(): Promise<void> {
    this.beginStop();
    return this.#stopped ?? Promise.resolve();
  }

  async #stop(): Promise<void> {
    await this.#loop.stop();
    const abort = setTimeout(() => this.#aborting.abort(), this.#options.stopTimeoutMs);
    await Promise.all(this.#running);
    clearTimeout(abort);
    this.#storeFailures.stop();
  }

  async #round(): Promise<number | undefined> {
    const { context, channel, claimant, claimMs } = this.#options;
    const now = context.clock.now();
    if (this.#pausedUntil !== undefined && now < this.#pausedUntil) return this.#pausedUntil - now;
    const limit = (this.#pausedUntil === undefined ? SLOTS : 1) - this.#running.size;
    if (limit <= 0) return undefined;
    const claim = { channel, claimant, now, until: plusMs(now, claimMs), limit };
    const claimed = await context.store.transaction((tx) => tx.messages.claim(claim));
    for (const message of claimed) this.#track(this.#deliver(message));
    return undefined;
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => {
      this.#running.delete(tracked);
      this.#loop.wake();
    });
    this.#running.add(tracked);
  }

  async #deliver(message: StoredMessage): Promise<void> {
    const { context, channel, claimant, log, attempted } = this.#options;
    const fields = { message: message.id, channel, attempts: message.attempts };
    try {
      const outcome = await this.#attempt(message);
      attempted?.(channel, outcome.kind);
      const isStored = await context.store.messages.finish(message.id, claimant, outcome);
      if (!isStored) log.warn(fields, 'notifications: claim expired during the attempt');
      else if (outcome.kind === 'failed') log.warn({ ...fields, error: outcome.error }, 'notifications: message given up');
      else if (outcome.kind === 'retry') log.info({ ...fields, error: outcome.error }, 'notifications: message not sent');
      else log.info(fields, `notifications: message ${outcome.kind}`);
    } catch (error) {
      // Sent again when the claim has expired.
      const text = 'notifications: outcome not stored';
      if (isStoreDown(error)) this.#storeFailures.add(text, { ...fields, reason: failureText(error) });
      else log.warn({ ...fields, err: error }, text);
    }
  }

  async #attempt(message: StoredMessage): Promise<MessageOutcome> {
    const { context, send } = this.#options;
    const { signal } = this.#aborting;
    const prepared = await prepareMessage(context, message);
    if (prepared === undefined) return { kind: 'dropped', at: context.clock.now() };
    const result = await send(message.id, prepared, signal).catch((error: unknown): SendResult => ({
      kind: 'failed',
      error: errorMessage(error),
      concerns: 'message',
      isFinal: false,
    }));
    const at = context.clock.now();
    if (result.kind === 'failed' && signal.aborted) return { kind: 'released', at };
    this.#noteServer(result, at);
    return result.kind === 'sent' ? { kind: 'sent', at } : this.#afterFailure(message, prepared.subscription, result, at);
  }

  #afterFailure(
    { attempts, createdAt, isUrgent }: StoredMessage,
    subscription: Subscription,
    { error, isFinal }: SendResult & { kind: 'failed' },
    at: EpochMs,
  ): MessageOutcome {
    const failed = { attempts, ageMs: at - createdAt, giveUpAfterMs: GIVE_UP_AFTER_MS, retryAfterMs: undefined };
    const next = nextAttempt(failed, this.#options.random());
    if (isFinal || next.kind === 'give_up') return { kind: 'failed', at, error };
    const retryAt = plusMs(at, next.afterMs);
    return { kind: 'retry', at: isUrgent ? retryAt : afterQuiet(subscription, retryAt), error };
  }

  /** Pauses the channel while nothing can be sent. */
  #noteServer(result: SendResult, at: EpochMs): void {
    if (result.kind === 'failed' && result.concerns === 'server') {
      this.#failures += 1;
      const maxMs = Math.min(MAX_PAUSE_MS, 2 ** this.#failures * SECOND_MS);
      this.#pausedUntil = plusMs(at, Math.round(maxMs * (0.5 + this.#options.random() / 2)));
      if (Number.isInteger(Math.log2(this.#failures)))
        this.#options.log.warn(
          { channel: this.#options.channel, failures: this.#failures, error: result.error },
          'notifications: nothing can be sent; messages wait',
        );
      return;
    }
    if (this.#failures > 0)
      this.#options.log.info(
        { channel: this.#options.channel, failures: this.#failures },
        'notifications: messages are sent again',
      );
    this.#failures = 0;
    this.#pausedUntil = undefined;
  }
}
