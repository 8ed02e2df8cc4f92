/** A PostgreSQL primary and its replica, which change places in a failover. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../../../test/support/free-ports.ts';
import { PostgresServer } from '../../../../test/support/postgres-server.ts';

/** A time in which commits may have been acknowledged that a failover has lost, in milliseconds of `performance.now()`. */
export interface LostTime {
  readonly from: number;
  readonly to: number;
}

/** An asynchronous replica on a busy machine may be behind by this much even while it is attached. */
const LAG_MS = 3_000;

export class DatabasePair implements AsyncDisposable {
  readonly servers: readonly [PostgresServer, PostgresServer];
  /** What failovers may have lost. */
  readonly lost: LostTime[] = [];
  #primary = 0;

  private constructor(servers: readonly [PostgresServer, PostgresServer]) {
    this.servers = servers;
  }

  static async start(programs: string, folder: string, isDurable = false): Promise<DatabasePair> {
    const [a = 0, b = 0] = await freePorts(2);
    const server = (port: number): PostgresServer =>
      new PostgresServer({ programs, folder: join(folder, String(port)), port, isDurable });
    const pair = new DatabasePair([server(a), server(b)]);
    try {
      await pair.primary.create();
      await pair.primary.start();
      await pair.replica.follow(pair.primary);
    } catch (error) {
      await pair[Symbol.asyncDispose]();
      throw error;
    }
    return pair;
  }

  get primary(): PostgresServer {
    return this.servers[this.#primary === 0 ? 0 : 1];
  }

  get replica(): PostgresServer {
    return this.servers[this.#primary === 0 ? 1 : 0];
  }

  /** Kills the primary, and promotes the replica, which has not received what was committed in the last `lagMs`. */
  async failOver(lagMs: number): Promise<void> {
    const from = performance.now() - LAG_MS;
    if (lagMs > 0) await this.replica.detach();
    await sleep(lagMs);
    await this.primary.kill();
    this.lost.push({ from, to: performance.now() });
    await this.replica.promote();
    this.#primary = 1 - this.#primary;
  }

  /** Makes a replica of the server that was killed. */
  async repair(): Promise<void> {
    if (!this.primary.isRunning) await this.primary.start();
    if (!this.replica.isRunning) await this.replica.follow(this.primary);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.servers) await server.kill();
  }
}
