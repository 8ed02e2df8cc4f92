/** Where a ZeroMQ publisher listens. */
export interface ZmtpEndpoint {
  readonly host: string;
  readonly port: number;
  /** As it was given, for messages. */
  readonly text: string;
}

/**
 * Reads `tcp://host:port`; IPv6 in brackets.
 *
 * @throws RangeError for anything else, `tcp://*:port` included, which is a place to listen at and not to connect to.
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
