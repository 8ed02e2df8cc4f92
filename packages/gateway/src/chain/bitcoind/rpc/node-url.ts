/**
 * Reads the node's address and credentials from one URL. Because the URL may contain a password, no error here repeats it, not
 * even as a cause: the URL parser's own error contains its input.
 */
export interface NodeUrl {
  /** Scheme, host and port: safe to log. */
  readonly origin: string;
  /** The path of JSON-RPC calls. */
  readonly path: string;
  /** `user:password`, if the URL contains credentials. */
  readonly userPassword: string | undefined;
}

/**
 * Parses `http://user:password@host:port/`.
 *
 * @throws RangeError when the URL is invalid, with a hint when the password contains characters that a URL cannot.
 */
export function parseNodeUrl(text: string): NodeUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // An unescaped "/", "?" or "#" in a password ends the host early, and the rest of the secret would pass for a path.
  const suspicious = url === undefined || url.search !== '' || url.hash !== '' || url.pathname.includes('@');
  if (suspicious && text.includes('@')) {
    throw new RangeError(
      'bitcoind URL: expected http://user:password@host:port, with all characters but letters and digits as %XX',
    );
  }
  if (suspicious || !['http:', 'https:'].includes(url.protocol)) {
    throw new RangeError('bitcoind URL: expected http://host:port or https://host:port');
  }
  const named = url.username !== '' || url.password !== '';
  return { origin: url.origin, path: url.pathname, userPassword: named ? userPassword(url) : undefined };
}

function userPassword(url: URL): string {
  try {
    return `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  } catch {
    throw new RangeError('bitcoind URL: expected every % in user and password to begin a %XX');
  }
}
