import type { OpenRedis } from './open-redis.ts';
import type { RedisClient } from './redis-client.ts';

/** A client that is connected or connecting. */
export interface Connection {
  readonly client: Promise<RedisClient>;
}

/** Provides a store with its client. */
export interface Connections {
  take(): Connection;
  /** Reports a failure on a connection that `take` returned. */
  drop(taken: Connection): void;
  close(): Promise<void>;
}

/** Uses the application's own client, whose connection the application manages. */
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
 * Connections that the library opens. Either none exists, because nobody has asked or the last one failed, or one exists that
 * all callers share, open or opening. A connection lost while idle is noticed at its next use, and replaced without an error.
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
    // A late failure on an earlier connection does not concern its successor.
    if (this.#current !== taken) return;
    const { opening } = this.#current;
    this.#current = undefined;
    // It may still be opening.
    opening.then((opened) => opened.destroy()).catch(() => undefined);
  }

  async close(): Promise<void> {
    const closed = this.#current;
    this.#current = undefined;
    const opened = await closed?.opening.catch(() => undefined);
    // If it is lost already, or is lost now, the result is the same.
    if (opened?.isReady() === true) await opened.close().catch(() => undefined);
  }
}

function begin(open: () => Promise<OpenRedis>): OwnConnection {
  const opening = open();
  const client = opening.then((opened) => {
    connection.opened = opened;
    return opened.client;
  });
  // The callers may have given up.
  client.catch(() => undefined);
  const connection: OwnConnection = { opening, client, opened: undefined };
  return connection;
}
