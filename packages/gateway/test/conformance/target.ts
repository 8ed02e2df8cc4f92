/** What a conformance run needs: a gateway in sandbox mode, two shops on it, and (for the rest) a hand on its surroundings. */

export interface ShopCredentials {
  readonly clientId: string;
  readonly secret: string;
}

/** A callback as it came, byte for byte. */
export interface Delivery {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** A shop's end of callbacks: acknowledges all that comes and keeps it. */
export interface DeliveryLog {
  readonly url: string;
  readonly deliveries: readonly Delivery[];
}

export interface ConformanceTarget {
  readonly baseUrl: string;
  /** Of a POS in euro whose gateway has a rate for it. */
  readonly shop: ShopCredentials;
  /** Of another POS. */
  readonly other: ShopCredentials;
  readonly receiver: DeliveryLog;
  /** What only the operator can do. Each that is missing makes its part of the contract go unseen, which is told. */
  readonly control: Partial<Control>;
}

export interface Control {
  /** An access token of the shop that has run out. */
  expiredToken(): Promise<string>;
  /** A POS in a currency for which there is no rate. */
  withoutRate: ShopCredentials;
  /** A gateway in live mode, with a POS. */
  live: { readonly baseUrl: string; readonly shop: ShopCredentials };
  /** A gateway that takes few requests a second of one shop. */
  limited: { readonly baseUrl: string; readonly shop: ShopCredentials };
  /** Does something while the store does not answer. */
  whileStoreIsDown<T>(during: () => Promise<T>): Promise<T>;
  /** Does something while the gateway makes a mistake. */
  whileBroken<T>(during: () => Promise<T>): Promise<T>;
  chain: ChainControl;
}

/** The chain of a sandbox, or a regtest node. */
export interface ChainControl {
  /** Pays an address; answers the id of the transaction. */
  pay(address: string, satoshi: number): Promise<string>;
  /** Mines a block, of these transactions before all others. */
  mine(first?: readonly string[]): Promise<void>;
  /** Replaces the newest blocks by a longer branch without these transactions, which wait in the mempool until they are asked for. */
  unconfirm(txids: readonly string[], depth: number): Promise<void>;
  /** Spends the coins of these transactions otherwise, so that they never come back. */
  doubleSpend(txids: readonly string[]): Promise<void>;
}
