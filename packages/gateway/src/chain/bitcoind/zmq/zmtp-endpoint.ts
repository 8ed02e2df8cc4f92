/** The address of a ZeroMQ publisher. */
export interface ZmtpEndpoint {
  readonly host: string;
  readonly port: number;
  /** The endpoint as it was given, for messages. */
  readonly text: string;
}

/**
 * Parses `tcp://host:port`, with IPv6 addresses in brackets.
 *
 * @throws RangeError for anything else, including `tcp://*:port`, which is an address to listen on, not to connect to.
 */
export function parseZmtpEndpoint(text: string): ZmtpEndpoint {
  const [, bracketed, plain, digits] = /^tcp:\/\/(?:\[([0-9a-f:.]+)\]|([^\s/:*[\]@]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new RangeError(`ZMQ endpoint: expected tcp://host:port to connect to, got ${JSON.stringify(text)}`);
  }
  return { host, port, text };
}
