/**
 * The doubt about commits that did not wait until synchronous replicas had them, because the wait was cancelled. PostgreSQL answers such a
 * commit with success and a warning, and shows what it stored to everyone, although a failover may lose it. So the commit is an error, and
 * nothing is read any more until a later commit has been waited for: replicas receive all commits in order.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { StoreDownError } from '../../store-down.ts';
import { closeClient, destroyClient } from './close-client.ts';
import type { PostgresHosts } from './postgres-hosts.ts';

/** SQLSTATE of the warning. */
const WAIT_CANCELLED = '01000';
/** For each caller. The commit itself waits as long as the replicas take: it holds a connection, and only one. */
const WAIT_MS = 2_000;
const DOUBT = 'a commit is stored on this server, but its wait for a synchronous replica was cancelled: a failover may lose it';

export class ReplicationDoubt {
  /** How many warnings have arrived. */
  #warnings = 0;
  /** The warnings that a later commit has settled. */
  #settled = 0;
  #settling: Promise<void> | undefined;
  readonly #hosts: PostgresHosts;
  #client: pg.Client | undefined;
  #isChecking = false;

  constructor(hosts: PostgresHosts) {
    this.#hosts = hosts;
  }

  /** Notes the warnings of a connection. */
  watch(client: pg.Client): void {
    client.on('notice', ({ code }) => {
      if (code === WAIT_CANCELLED) this.#warnings += 1;
    });
  }

  get exists(): boolean {
    return this.#warnings > this.#settled;
  }

  /** @throws StoreDownError if the wait of a commit has been cancelled. */
  refuse(): void {
    if (!this.exists) return;
    throw new StoreDownError(DOUBT);
  }

  /** Waits until a commit that changes nothing has reached the replicas. @throws StoreDownError if it does not in time. */
  async settle(): Promise<void> {
    this.#settling ??= this.#commit().finally(() => (this.#settling = undefined));
    const waiting = new AbortController();
    const late = sleep(WAIT_MS, undefined, { signal: waiting.signal }).then(() => {
      void this.#checkHost();
      throw new StoreDownError(DOUBT);
    });
    try {
      await Promise.race([this.#settling, late]);
    } finally {
      waiting.abort();
    }
  }

  /** Ends the wait for the replicas. */
  close(): void {
    if (this.#client !== undefined) destroyClient(this.#client);
  }

  async #commit(): Promise<void> {
    const before = this.#warnings;
    const client = await this.#hosts.connect();
    this.#client = client;
    this.watch(client);
    try {
      await client.query('begin');
      await client.query(`select pg_logical_emit_message(true, 'webpos', 'settle')`);
      await client.query('commit');
    } finally {
      this.#client = undefined;
      await closeClient(client);
    }
    if (this.#warnings === before) this.#settled = before;
    this.refuse();
  }

  /** Ends the wait on a host that has been cut off, so that the next one is made on another host. */
  async #checkHost(): Promise<void> {
    const client = this.#client;
    const host = client && this.#hosts.hostOf(client);
    if (host === undefined || this.#isChecking) return;
    this.#isChecking = true;
    const answers = await this.#hosts.answers(host, WAIT_MS);
    this.#isChecking = false;
    if (!answers && this.#client === client) this.close();
  }
}
