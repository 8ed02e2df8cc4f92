import { ConfigurationError } from '../errors/configuration-error.ts';
import { builtIn, type HttpModule } from './built-ins.ts';
import { type ServerAddress, serverAddressOf } from './server-address.ts';

/** An HTTP proxy. */
export interface Proxy {
  /** The module to connect with. */
  module: HttpModule;
  address: ServerAddress;
  /** The headers that the proxy requires. */
  headers: Record<string, string>;
}

/**
 * Parses the URL of a proxy.
 *
 * @throws ConfigurationError without the URL, which may contain a password.
 */
export function parseProxy(given: string | URL): Proxy {
  const text = String(given);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const got = url === undefined ? 'something else' : `one with ${url.protocol}`;
    throw new ConfigurationError('proxy', 'an http or https URL', got);
  }
  return {
    module: builtIn(url.protocol === 'https:' ? 'node:https' : 'node:http'),
    address: serverAddressOf(url),
    headers: url.username + url.password === '' ? {} : { 'Proxy-Authorization': `Basic ${credentialsOf(url)}` },
  };
}

function credentialsOf({ username, password }: URL): string {
  try {
    const bytes = new TextEncoder().encode(decodeURIComponent(`${username}:${password}`));
    return btoa(String.fromCodePoint(...bytes));
  } catch {
    throw new ConfigurationError('proxy', 'a user name and password in percent-encoded UTF-8', 'something else');
  }
}
