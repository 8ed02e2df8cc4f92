/**
 * Notifications over PostgreSQL's LISTEN and NOTIFY, on a listening connection of its own.
 *
 * Every second the process sends itself a heartbeat, over the pool, as other processes send their notifications. A heartbeat that
 * arrives proves that everything has arrived that was sent before it, because PostgreSQL delivers in the order of commits. So
 * notifications are trusted for two seconds from when the last heartbeat that arrived was begun. A connection pooler swallows them all,
 * and then they are never trusted. When the connection ends, they are not trusted from that moment on.
 *
 * PostgreSQL's channels belong to a database, not to a schema, so their names contain a hash of the schema.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { Emitter } from '../../../../kernel/emitter.ts';
import { errorMessage } from '../../../../kernel/error-message.ts';
import type { AccountId, OrderId } from '../../../../kernel/ids.ts';
import { TaskLoop, type LoopLog } from '../../../../kernel/task-loop.ts';
import { enterStep, stepOf } from '../../../../kernel/thread/steps.ts';
import { NOTIFICATION_LAG_MS, type Ids, type NotificationChannel, type Notifications } from '../../../ports/notifications.ts';
import { closeClient } from '../close-client.ts';
import type { PostgresHosts } from '../postgres-hosts.ts';
import { NotificationOutbox, type Outgoing } from './notification-outbox.ts';
import { notificationText, parseNotification, TOPICS, type Topic, type TopicIds } from './notification-text.ts';

const HEARTBEAT_INTERVAL_MS = 1_000;
const DEADLINE_MS = 3_000;
/** A connection over which no heartbeat arrives is replaced after this time. */
const DEAF_AFTER_MS = 5_000;
const CLOSE_MS = 1_000;
/** The longest pause between two connections. It begins with the interval, and doubles. */
const MAX_PAUSE_MS = 30_000;

const CHANNEL = `'webpos_' || md5(coalesce(current_schema(), ''))`;
/**
 * While a notifying transaction commits, no other one in the whole server can. So it does not wait for the disk, nor for a synchronous
 * replica: a notification need not survive a crash, because all that listen lose their connection then.
 */
const NOTIFY = `select set_config('synchronous_commit', 'off', true), pg_notify(${CHANNEL} || suffix, payload) from unnest($1::text[], $2::text[]) as sent(suffix, payload)`;

const SWALLOWED = 'no notification arrives; behind a transaction-level connection pooler, set WEBPOS_DATABASE_DIRECT_URL';
/** In place of the time: the loss has been logged. */
const REPORTED = Number.NEGATIVE_INFINITY;
const RECEIVE = stepOf('notifications');
const NO_IDS: TopicIds = new Set();

export interface PostgresNotificationsOptions {
  /** How to reach PostgreSQL without a pooler that swallows notifications. */
  readonly hosts: PostgresHosts;
  /** Runs a statement over the connections that the store uses. */
  readonly query: (query: pg.QueryConfig) => Promise<unknown>;
  readonly log: LoopLog;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

export class PostgresNotifications implements Notifications {
  readonly #options: PostgresNotificationsOptions;
  readonly #now: () => number;
  /** By which this process recognises its own. */
  readonly #id = randomBytes(6).toString('hex');
  readonly #heard = new Map<Topic, Emitter<TopicIds>>(TOPICS.map((topic) => [topic, new Emitter()]));
  readonly #outbox = new NotificationOutbox((outgoing) => this.#send(outgoing));
  readonly #loop: TaskLoop;
  #client: pg.Client | undefined;
  #connectedAtMs = 0;
  /** When to connect again. */
  #connectAtMs = Number.NEGATIVE_INFINITY;
  #pauseMs = HEARTBEAT_INTERVAL_MS;
  #trustedUntilMs = Number.NEGATIVE_INFINITY;
  #losses = 0;
  /** When it was noticed that they are not trusted. */
  #lostAtMs: number | undefined;
  /** Why there is no connection. */
  #trouble = '';
  #lapses = 0;

  readonly ordersChanged: NotificationChannel<Ids<OrderId>> = this.#channelOfIds<OrderId>('orders');
  readonly tipMoved: NotificationChannel<void> = this.#channel('tip');
  readonly callbackStored: NotificationChannel<void> = this.#channel('callbacks');
  readonly indexesWanted: NotificationChannel<Ids<AccountId>> = this.#channelOfIds<AccountId>('indexes');
  readonly leaseChanged: NotificationChannel<void> = this.#channel('lease');

  constructor(options: PostgresNotificationsOptions) {
    const { log, now = () => performance.now() } = options;
    this.#options = options;
    this.#now = now;
    this.#loop = new TaskLoop({
      name: 'notifications',
      idleMs: HEARTBEAT_INTERVAL_MS,
      retryMs: HEARTBEAT_INTERVAL_MS,
      log,
      task: async () => {
        await this.#connectIfDue();
        this.#outbox.beat(String(this.#now()));
        this.#reportTrust();
        return undefined;
      },
    });
    this.#loop.start();
  }

  get areTrusted(): boolean {
    return this.#now() < this.#trustedUntilMs;
  }

  get losses(): number {
    return this.#losses;
  }

  async close(): Promise<void> {
    await this.#loop.stop();
    const waiting = new AbortController();
    await Promise.race([this.#outbox.settled(), sleep(CLOSE_MS, undefined, { signal: waiting.signal }).catch(() => {})]);
    waiting.abort();
    await this.#drop('closed');
  }

  #channel(topic: Topic): NotificationChannel<void> {
    return {
      publish: () => this.#outbox.publish(topic, NO_IDS),
      on: (listener) => this.#heard.get(topic)?.on(() => listener()),
    };
  }

  #channelOfIds<Id extends string>(topic: Topic): NotificationChannel<Ids<Id>> {
    return {
      publish: (ids) => this.#outbox.publish(topic, ids === 'all' ? ids : new Set(ids)),
      on: (listener) => this.#heard.get(topic)?.on((ids) => listener(ids === 'all' ? ids : ([...ids] as Id[]))),
    };
  }

  async #send({ heartbeat, topics }: Outgoing): Promise<void> {
    const sent = [...topics].map(([topic, ids]) => ['', notificationText({ from: this.#id, topic, ids })]);
    if (heartbeat !== undefined) sent.push([this.#ownSuffix, heartbeat]);
    const [suffixes, payloads] = [sent.map(([suffix]) => suffix), sent.map(([, payload]) => payload)];
    await this.#options.query({ text: NOTIFY, values: [suffixes, payloads] });
  }

  /** Marks the channel on which only this process listens. */
  get #ownSuffix(): string {
    return `_${this.#id}`;
  }

  async #connectIfDue(): Promise<void> {
    if (this.#client !== undefined && this.#isDeafFor(DEAF_AFTER_MS)) await this.#drop(SWALLOWED);
    if (this.#client !== undefined || this.#now() < this.#connectAtMs) return;
    try {
      await this.#connect();
    } catch (error) {
      this.#trouble = errorMessage(error);
    }
    this.#connectAtMs = this.#now() + this.#pauseMs;
    this.#pauseMs = Math.min(2 * this.#pauseMs, MAX_PAUSE_MS);
  }

  #isDeafFor(durationMs: number): boolean {
    return this.#now() > Math.max(this.#connectedAtMs, this.#trustedUntilMs) + durationMs;
  }

  async #connect(): Promise<void> {
    const client = await this.#options.hosts.connect(
      { keepAlive: true, connectionTimeoutMillis: DEADLINE_MS, query_timeout: DEADLINE_MS },
      this.#loop.signal,
    );
    const ended = (error?: Error): void => {
      if (this.#client !== client) return;
      this.#lose(error === undefined ? 'the connection has ended' : errorMessage(error));
      this.#loop.wake();
    };
    client.on('error', ended);
    client.on('end', () => ended());
    client.on('notification', ({ channel, payload = '' }) => {
      if (this.#client === client) this.#receive(channel.endsWith(this.#ownSuffix), payload);
    });
    const abort = (): void => void client.end().catch(() => {});
    this.#loop.signal.addEventListener('abort', abort, { once: true });
    try {
      const { rows } = await client.query<{ channel: string }>(`select ${CHANNEL} as channel`);
      const channel = rows[0]?.channel;
      this.#client = client;
      this.#connectedAtMs = this.#now();
      await client.query(`listen "${channel}"; listen "${channel}${this.#ownSuffix}"`);
    } catch (error) {
      this.#client = undefined;
      await closeClient(client);
      throw error;
    } finally {
      this.#loop.signal.removeEventListener('abort', abort);
    }
  }

  #receive(isHeartbeat: boolean, payload: string): void {
    if (isHeartbeat) return this.#trust(Number(payload) + NOTIFICATION_LAG_MS);
    enterStep(RECEIVE);
    const heard = parseNotification(payload);
    if (heard === undefined || heard.from === this.#id) return;
    try {
      this.#heard.get(heard.topic)?.emit(heard.ids);
    } catch (error) {
      this.#options.log.warn({ topic: heard.topic, err: error }, 'notifications: a notification could not be handled');
    }
  }

  #trust(untilMs: number): void {
    if (!(untilMs > this.#now())) return;
    if (!this.areTrusted) this.#losses += 1;
    this.#trustedUntilMs = untilMs;
    this.#pauseMs = HEARTBEAT_INTERVAL_MS;
  }

  #lose(trouble: string): void {
    this.#client = undefined;
    this.#trouble = trouble;
    this.#trustedUntilMs = Number.NEGATIVE_INFINITY;
  }

  async #drop(trouble: string): Promise<void> {
    const client = this.#client;
    this.#lose(trouble);
    if (client !== undefined) await closeClient(client);
  }

  /** Logs the 1st, 2nd, 4th, 8th ... time that trust is lost for long, and its return. */
  #reportTrust(): void {
    const { log } = this.#options;
    const lostAtMs = this.#lostAtMs;
    if (this.areTrusted) {
      if (lostAtMs === REPORTED) log.info({ lapses: this.#lapses }, 'notifications: trusted again');
      this.#lostAtMs = undefined;
    } else if (lostAtMs === undefined) {
      this.#lostAtMs = this.#now();
    } else if (lostAtMs !== REPORTED && this.#now() >= lostAtMs + NOTIFICATION_LAG_MS) {
      this.#lapses += 1;
      const reason = this.#client === undefined ? this.#trouble : SWALLOWED;
      if (Number.isInteger(Math.log2(this.#lapses)))
        log.warn({ reason, lapses: this.#lapses }, 'notifications: none arrive, so this process polls for the changes of others');
      this.#lostAtMs = REPORTED;
    }
  }
}
