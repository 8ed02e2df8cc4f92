/**
 * The parts that notify people: a loop that assigns notices to subscriptions and composes messages, a delivery for each channel, the watch
 * of the chain, and pruning. None of them is waited for by orders or callbacks.
 */
import type { CallbackSender } from '../../callbacks/attempt.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/durations.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { MailSender, SendResult } from '../../notifications/mail.ts';
import { assignNotices, composeMessages, type AssigningContext } from './assign-notices.ts';
import { MessageDelivery, type MessageDeliveryOptions } from './message-delivery.ts';
import type { Prepared, PreparingContext } from './prepare-message.ts';
import { giveUpMail, pruneNotifications } from './prune-notifications.ts';

export interface NotificationsOptions extends Pick<MessageDeliveryOptions, 'claimant' | 'random' | 'log' | 'attempted'> {
  readonly context: AssigningContext & PreparingContext;
  /** Undefined without settings for e-mail: e-mails wait then, until they are given up. */
  readonly mail: { readonly sender: MailSender; readonly deadlineMs: number } | undefined;
  readonly post: { readonly sender: Pick<CallbackSender, 'send'>; readonly deadlineMs: number };
  /** How often notices are looked for. Default: every 2 seconds. */
  readonly idleMs?: number;
}

const IDLE_MS = 2 * SECOND_MS;
const PRUNE_EVERY_MS = 10 * MINUTE_MS;
/** What an attempt may take before and after sending. */
const CLAIM_MARGIN_MS = 30 * SECOND_MS;
const STOP_TIMEOUT_MS = 2 * SECOND_MS;

export class Notifications {
  readonly #assigning: TaskLoop;
  readonly #pruning: TaskLoop;
  readonly #deliveries: readonly MessageDelivery[];

  constructor(options: NotificationsOptions) {
    const { context, log, mail, post, idleMs = IDLE_MS } = options;
    this.#deliveries = [
      ...(mail === undefined ? [] : [delivery(options, 'email', mail.deadlineMs, sendMail(mail.sender))]),
      delivery(options, 'post', post.deadlineMs, sendPost(post.sender)),
    ];
    this.#assigning = new TaskLoop({
      name: 'notifications',
      idleMs,
      retryMs: SECOND_MS,
      log,
      task: async (signal) => {
        await assignNotices(context, signal);
        if ((await composeMessages(context, signal)) > 0) for (const each of this.#deliveries) each.wake();
        return undefined;
      },
    });
    this.#pruning = pruningLoop(options.context, log, mail !== undefined);
  }

  start(): void {
    for (const part of [this.#assigning, ...this.#deliveries, this.#pruning]) part.start();
  }

  /** Looks for notices and messages soon. */
  wake(): void {
    for (const part of [this.#assigning, ...this.#deliveries]) part.wake();
  }

  beginStop(): void {
    for (const each of this.#deliveries) each.beginStop();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#assigning, ...this.#deliveries, this.#pruning].map((part) => part.stop()));
  }
}

function pruningLoop(context: Pick<AssigningContext, 'store' | 'clock'>, log: LoopLog, sendsMail: boolean): TaskLoop {
  return new TaskLoop({
    name: 'notifications: pruning',
    idleMs: PRUNE_EVERY_MS,
    retryMs: MINUTE_MS,
    log,
    task: async (signal) => {
      const givenUp = sendsMail ? 0 : await giveUpMail(context, signal);
      if (givenUp > 0) log.warn({ messages: givenUp }, 'notifications: e-mails given up, because WEBPOS_SMTP_URL is not set');
      await pruneNotifications(context, signal);
      return undefined;
    },
  });
}

function delivery(
  { context, claimant, random, log, attempted, idleMs }: NotificationsOptions,
  channel: MessageDeliveryOptions['channel'],
  deadlineMs: number,
  send: MessageDeliveryOptions['send'],
): MessageDelivery {
  return new MessageDelivery({
    channel,
    context,
    send,
    claimant,
    random,
    log,
    claimMs: deadlineMs + CLAIM_MARGIN_MS,
    stopTimeoutMs: STOP_TIMEOUT_MS,
    ...(attempted && { attempted }),
    ...(idleMs !== undefined && { idleMs }),
  });
}

function sendMail(sender: MailSender): MessageDeliveryOptions['send'] {
  return async (_, prepared, signal) => (prepared.kind === 'mail' ? sender.send(prepared.mail, signal) : notOfChannel(prepared));
}

function sendPost(sender: Pick<CallbackSender, 'send'>): MessageDeliveryOptions['send'] {
  return async (id, prepared, signal) => {
    if (prepared.kind !== 'post') return notOfChannel(prepared);
    const { url, body, key } = prepared;
    const attempt = await sender.send({ id, url, body }, { platform: undefined, standard: [key] }, signal);
    if (attempt.kind === 'acknowledged') return { kind: 'sent' };
    return { kind: 'failed', error: attempt.error, concerns: 'message', isFinal: attempt.kind === 'gone' };
  };
}

function notOfChannel({ kind }: Prepared): SendResult {
  return { kind: 'failed', error: `expected a message of another channel, got ${kind}`, concerns: 'message', isFinal: true };
}
