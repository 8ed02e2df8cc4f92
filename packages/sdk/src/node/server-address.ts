/** Where to connect to, in the words of `node:http`. */
export interface ServerAddress {
  protocol: string;
  hostname: string;
  /** Empty for that of the protocol. */
  port: string;
}

/** Takes from a URL where to connect to. */
export function serverAddressOf({ protocol, hostname, port }: URL): ServerAddress {
  // The brackets belong to the URL, not to the IPv6 address.
  return { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port };
}
