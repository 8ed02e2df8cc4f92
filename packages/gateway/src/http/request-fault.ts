/**
 * Rejects requests that are invalid whatever they ask for and at any port: without a host, with two or an invalid one, with too
 * long a URL, or with too many headers.
 */
import type { IncomingMessage } from 'node:http';
import { MAX_HEADERS } from './http-server.ts';

const MAX_URL_LENGTH = 4_096;
/** A host and a port (RFC 3986, 3.2.2). Empty if the target has no authority. */
const HOST = /^(?:\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?$/i;

export interface RequestFault {
  readonly status: 400 | 414 | 431;
  readonly reason: string;
}

export function requestFault({ url = '', rawHeaders, httpVersion, headers }: IncomingMessage): RequestFault | undefined {
  if (url.length > MAX_URL_LENGTH) return { status: 414, reason: `the URL is longer than ${MAX_URL_LENGTH} bytes` };
  if (rawHeaders.length / 2 > MAX_HEADERS) return { status: 431, reason: `the request has more than ${MAX_HEADERS} headers` };
  const invalid = (reason: string): RequestFault => ({ status: 400, reason });
  // RFC 9112, 3.2: exactly one is required. With two, this server and a proxy in front of it might each use another one.
  if (httpVersion === '1.1' && headers.host === undefined) return invalid('the request has no Host header');
  if (hostHeaders(rawHeaders) > 1) return invalid('the request has more than one Host header');
  if (headers.host !== undefined && !HOST.test(headers.host)) return invalid('the Host header is not valid');
  return undefined;
}

/** @param raw Alternating names and values, as received. */
function hostHeaders(raw: readonly string[]): number {
  let hosts = 0;
  for (let at = 0; at < raw.length; at += 2) if (raw[at]?.length === 4 && raw[at]?.toLowerCase() === 'host') hosts += 1;
  return hosts;
}
