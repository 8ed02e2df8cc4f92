/** Hosts that an operator lists: names, addresses and networks, such as `10.0.0.5,shop.lan,172.18.0.0/16`. */

export interface HostList {
  /** As they were written. */
  readonly entries: readonly string[];
  /** Whether a host of a URL is listed: by its name, or as an address. */
  has(host: string): boolean;
  hasName(name: string): boolean;
  hasAddress(address: string): boolean;
}

export const NO_HOSTS: HostList = { entries: [], has: () => false, hasName: () => false, hasAddress: () => false };
