import type { OpenRedis } from './open-redis.ts';
import type { RedisClient } from './redis-client.ts';

/** A client that is connected, or about to be. */
export interface Connection {
  readonly client: Promise<RedisClient>;
}

/** Where a store has its client from. */
export interface Connections {
  take(): Connection;
  /** Something has failed on a connection that `take` gave. */
  drop(taken: Connection): void;
  close(): Promise<void>;
}

/** The application's own client: it sees to its connection itself. */
export function ownedByOthers(client: RedisClient): Connections {
  return {
    take: () => ({ client: Promise.resolve(client) }),
    drop: () => undefined,
    close: () => Promise.resolve(),
  };
}

interface OwnConnection extends Connection {
  readonly opening: Promise<OpenRedis>;
  opened: OpenRedis | undefined;
}

/**
 * Connections of our own. Its states: none, since nobody has asked yet or the last one failed; one that all who ask share,
 * open or about to be. One that was lost while nobody used it is found out when it is asked for, and costs nobody an error.
 */
export class OwnConnections implements Connections {
  readonly #open: () => Promise<OpenRedis>;
  #current: OwnConnection | undefined;

  constructor(open: () => Promise<OpenRedis>) {
    this.#open = open;
  }

  take(): Connection {
    if (this.#current?.opened?.isReady() === false) this.#current = undefined;
    this.#current ??= begin(this.#open);
    return this.#current;
  }

  drop(taken: Connection): void {
    // What fails late, on the same connection as another, is no reason to give up its successor.
    if (this.#current !== taken) return;
    const { opening } = this.#current;
    this.#current = undefined;
    // It may be about to open still.
    opening.then((opened) => opened.destroy()).catch(() => undefined);
  }

  async close(): Promise<void> {
    const closed = this.#current;
    this.#current = undefined;
    const opened = await closed?.opening.catch(() => undefined);
    // Lost already, or lost meanwhile: that is what was asked for.
    if (opened?.isReady() === true) await opened.close().catch(() => undefined);
  }
}

function begin(open: () => Promise<OpenRedis>): OwnConnection {
  const opening = open();
  const client = opening.then((opened) => {
    connection.opened = opened;
    return opened.client;
  });
  // Anyone who asked for it may have given up.
  client.catch(() => undefined);
  const connection: OwnConnection = { opening, client, opened: undefined };
  return connection;
}
