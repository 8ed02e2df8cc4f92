/** What a conformance run needs: a gateway in sandbox mode, two shops on it, and, for some checks, control over its environment. */

export interface ShopCredentials {
  readonly clientId: string;
  readonly secret: string;
}

/** A callback as it was received. */
export interface Delivery {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** A shop's endpoint that acknowledges and records all callbacks. */
export interface DeliveryLog {
  readonly url: string;
  readonly deliveries: readonly Delivery[];
}

export interface ConformanceTarget {
  readonly baseUrl: string;
  /** A POS in euro, for which the gateway has a rate. */
  readonly shop: ShopCredentials;
  /** Another POS. */
  readonly other: ShopCredentials;
  readonly receiver: DeliveryLog;
  /** What only an operator can do. Without one of these, its part of the contract is not checked, which the result lists. */
  readonly control: Partial<Control>;
}

export interface Control {
  /** Returns an expired access token of the shop. */
  expiredToken(): Promise<string>;
  /** A POS in a currency without a rate. */
  withoutRate: ShopCredentials;
  /** A gateway in live mode, with a POS. */
  live: { readonly baseUrl: string; readonly shop: ShopCredentials };
  /** A gateway with a low rate limit. */
  limited: { readonly baseUrl: string; readonly shop: ShopCredentials };
  /** Runs `during` while the store is down. */
  whileStoreIsDown<T>(during: () => Promise<T>): Promise<T>;
  /** Runs `during` while the gateway has an internal error. */
  whileBroken<T>(during: () => Promise<T>): Promise<T>;
  chain: ChainControl;
}

/** Control over the chain of a sandbox or a regtest node. */
export interface ChainControl {
  /** Pays an address, and returns the transaction id. */
  pay(address: string, satoshi: number): Promise<string>;
  /** Mines a block with these transactions before all others. */
  mine(first?: readonly string[]): Promise<void>;
  /** Replaces the last blocks by a longer branch without these transactions, which stay in the mempool until they are mined. */
  unconfirm(txids: readonly string[], depth: number): Promise<void>;
  /** Double-spends the inputs of these transactions, so that they never confirm again. */
  doubleSpend(txids: readonly string[]): Promise<void>;
}
