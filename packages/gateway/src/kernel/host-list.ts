/** Hosts that an operator has listed: names, addresses and networks, such as `10.0.0.5,shop.lan,172.18.0.0/16`. */

export interface HostList {
  /** As the operator wrote them. */
  readonly entries: readonly string[];
  /** Whether the host of a URL is listed, as a name or as an address. */
  has(host: string): boolean;
  hasName(name: string): boolean;
  hasAddress(address: string): boolean;
}

export const NO_HOSTS: HostList = { entries: [], has: () => false, hasName: () => false, hasAddress: () => false };
