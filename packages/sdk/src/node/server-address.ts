/** An address to connect to, as `node:http` takes it. */
export interface ServerAddress {
  protocol: string;
  hostname: string;
  /** Empty for the default port of the protocol. */
  port: string;
}

/** Returns the address of a URL's server. */
export function serverAddressOf({ protocol, hostname, port }: URL): ServerAddress {
  // The brackets belong to the URL, not to the IPv6 address.
  return { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port };
}
