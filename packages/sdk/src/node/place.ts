/** Where to connect to, in the words of `node:http`. */
export interface Place {
  protocol: string;
  hostname: string;
  /** Empty for that of the protocol. */
  port: string;
}

/** Takes from a URL where to connect to. */
export function placeOf({ protocol, hostname, port }: URL): Place {
  // The brackets belong to the URL, not to the IPv6 address.
  return { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port };
}
