/** How a database is set up for failovers, as far as its servers say. SQLite has no such setup. */

export interface DatabaseSetup {
  /** The hosts of the URL, in its order. */
  readonly hosts: readonly HostFound[];
  readonly durability: Durability;
  /** Whether a notification arrives that is sent over the connections of the store. */
  readonly notificationsArrive: boolean;
  /** Whether `WEBPOS_DATABASE_DIRECT_URL` is set: they are listened for there. */
  readonly hasDirectUrl: boolean;
}

export interface HostFound {
  /** Without user and password. */
  readonly shown: string;
  readonly state: 'accepts writes' | 'is a replica' | 'is read-only' | 'does not answer';
  /** Why it does not answer. */
  readonly reason?: string;
}

/** Settings of the server that accepts writes, as they apply to the gateway's connections. */
export interface Durability {
  /** `fsync`: whether anything reaches the disk. */
  readonly fsync: boolean;
  /** `synchronous_commit`: off, local, remote_write, on or remote_apply. */
  readonly synchronousCommit: string;
  /** `synchronous_standby_names`; empty: no replica is synchronous. */
  readonly synchronousNames: string;
  /** The replicas that are connected. */
  readonly replicas: readonly Replica[];
}

export interface Replica {
  readonly name: string;
  /** async, sync, quorum or potential; undefined: the role of the gateway may not see it. */
  readonly syncState: string | undefined;
}
