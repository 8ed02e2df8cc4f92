/**
 * Limits how many connections each client may hold. An address and a network have a share of all connections. When a share is
 * full, its connection that has been idle longest is closed to make room, and the new one is refused only if none is idle. So
 * unused connections lock nobody out, and nobody can use more than a share.
 *
 * A connection is idle while it has no active request: between two requests, before the first, or while headers arrive. A stream
 * or a body that is being sent is active.
 */

import type { ConnectionLimit } from './limit-names.ts';

export interface ConnectionShares {
  /** In total. */
  readonly total: number;
  /** For one IPv4 address, or one IPv6 /64 network. */
  readonly perAddress: number;
  /** For one IPv4 /24 network, or one IPv6 /48 network. */
  readonly perNetwork: number;
}

/** An open connection, regardless of transport. */
export interface Closable {
  destroy(): unknown;
}

export interface ConnectionOwner {
  /** Undefined: no share of its own, such as a proxy for many clients. */
  readonly address: string | undefined;
  readonly network: string | undefined;
}

export interface HeldConnection {
  /** A request has arrived. */
  readonly requestBegun: () => void;
  /** It has been answered or aborted. */
  readonly requestEnded: () => void;
  /** The connection has closed. */
  readonly closed: () => void;
}

export interface ConnectionLimiterOptions extends ConnectionShares {
  /** Called for each connection that is closed: `idle` to make room for another one, `refused` right after it was opened. */
  readonly limited?: (limit: ConnectionLimit, which: 'idle' | 'refused') => void;
}

interface Group {
  readonly limit: ConnectionLimit;
  readonly key: string;
  readonly most: number;
  open: number;
  /** Ordered by idle time, longest first. */
  readonly idle: Set<Connection>;
}

interface Connection {
  readonly carrier: Closable;
  readonly groups: readonly Group[];
  requests: number;
  isOpen: boolean;
}

export class ConnectionLimiter {
  readonly #options: ConnectionLimiterOptions;
  readonly #total: Group;
  readonly #groups = new Map<string, Group>();

  constructor(options: ConnectionLimiterOptions) {
    this.#options = options;
    this.#total = newGroup('total', '', options.total);
  }

  /** How many connections are open. */
  get open(): number {
    return this.#total.open;
  }

  /** Accepts a connection, or closes it and returns undefined. */
  opened(carrier: Closable, { address, network }: ConnectionOwner): HeldConnection | undefined {
    const { perAddress, perNetwork, limited } = this.#options;
    const groups = [
      ...(address === undefined ? [] : [this.#group('address', address, perAddress)]),
      ...(network === undefined ? [] : [this.#group('network', network, perNetwork)]),
      this.#total,
    ];
    for (const group of groups) {
      if (group.open < group.most) continue;
      const [longestIdle] = group.idle;
      limited?.(group.limit, longestIdle === undefined ? 'refused' : 'idle');
      if (longestIdle === undefined) {
        for (const each of groups) this.#removeIfEmpty(each);
        carrier.destroy();
        return undefined;
      }
      this.#close(longestIdle);
      longestIdle.carrier.destroy();
    }
    const connection: Connection = { carrier, groups, requests: 0, isOpen: true };
    for (const group of groups) {
      // The group may have been removed along with the connection closed for this one.
      if (group !== this.#total) this.#groups.set(group.limit + group.key, group);
      group.open += 1;
      group.idle.add(connection);
    }
    return {
      requestBegun: () => {
        connection.requests += 1;
        for (const group of groups) group.idle.delete(connection);
      },
      requestEnded: () => {
        connection.requests -= 1;
        if (connection.requests === 0 && connection.isOpen) for (const group of groups) group.idle.add(connection);
      },
      closed: () => this.#close(connection),
    };
  }

  #close(connection: Connection): void {
    if (!connection.isOpen) return;
    connection.isOpen = false;
    for (const group of connection.groups) {
      group.open -= 1;
      group.idle.delete(connection);
      this.#removeIfEmpty(group);
    }
  }

  #group(limit: ConnectionLimit, key: string, most: number): Group {
    const known = this.#groups.get(limit + key);
    if (known !== undefined) return known;
    return newGroup(limit, key, most);
  }

  #removeIfEmpty(group: Group): void {
    if (group.open === 0) this.#groups.delete(group.limit + group.key);
  }
}

function newGroup(limit: ConnectionLimit, key: string, most: number): Group {
  return { limit, key, most, open: 0, idle: new Set() };
}
