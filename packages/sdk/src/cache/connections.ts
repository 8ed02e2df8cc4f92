import type { OpenRedis } from './open-redis.ts';
import type { RedisClient } from './redis-client.ts';

/** A client that is connected or connecting. */
export interface Connection {
  readonly client: Promise<RedisClient>;
}

/** Provides a store with its client. */
export interface Connections<Taken extends Connection = Connection> {
  /** Every call of `take` must be followed by one of `giveBack`. */
  take(): Taken;
  /** @param failed whether the connection must not be taken again. */
  giveBack(taken: Taken, failed: boolean): void;
  close(): Promise<void>;
}

/** Uses the application's own client, whose connection the application manages. */
export function ownedByOthers(client: RedisClient): Connections {
  return {
    take: () => ({ client: Promise.resolve(client) }),
    giveBack: () => undefined,
    close: () => Promise.resolve(),
  };
}

interface OwnConnection extends Connection {
  readonly opening: Promise<OpenRedis>;
  opened: OpenRedis | undefined;
  users: number;
}

/**
 * Connections that the library opens. Either none is current, because nobody has asked or the last one failed, or one is current that
 * all callers share, open or opening. A connection lost while idle is noticed at its next use, and replaced without an error. One that
 * failed for a caller is closed once its other users have ended too, so that one late answer does not fail them.
 */
export class OwnConnections implements Connections<OwnConnection> {
  readonly #open: () => Promise<OpenRedis>;
  #current: OwnConnection | undefined;

  constructor(open: () => Promise<OpenRedis>) {
    this.#open = open;
  }

  take(): OwnConnection {
    if (this.#current?.opened?.isReady() === false) this.#current = undefined;
    this.#current ??= begin(this.#open);
    this.#current.users += 1;
    return this.#current;
  }

  giveBack(taken: OwnConnection, failed: boolean): void {
    taken.users -= 1;
    // A late failure on an earlier connection does not concern its successor.
    if (failed && this.#current === taken) this.#current = undefined;
    if (taken.users > 0 || this.#current === taken) return;
    // It may still be opening, or be lost or closed already.
    taken.opening.then((opened) => opened.destroy()).catch(() => undefined);
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
  const connection: OwnConnection = { opening, client, opened: undefined, users: 0 };
  return connection;
}
