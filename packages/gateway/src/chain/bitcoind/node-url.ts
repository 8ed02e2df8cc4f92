/**
 * Where the node is, and who we are to it, from one URL. No error here repeats the URL, because it may hold a password;
 * not even as a cause, since the URL parser's own error carries its input.
 */
export interface NodeUrl {
  /** Scheme, host and port: safe to log. */
  readonly origin: string;
  /** The path that JSON-RPC calls go to. */
  readonly path: string;
  /** `user:password`, where the URL holds one. */
  readonly userPassword: string | undefined;
}

/**
 * Reads `http://user:password@host:port/`.
 *
 * @throws RangeError when it is not such a URL, with a hint when the password has characters that a URL cannot hold.
 */
export function parseNodeUrl(text: string): NodeUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // A raw "/", "?" or "#" in a password ends the host early: what should be secret would then look like a host or path.
  const suspicious = url === undefined || url.search !== '' || url.hash !== '' || url.pathname.includes('@');
  if (suspicious && text.includes('@')) {
    throw new RangeError(
      'bitcoind URL: expected http://user:password@host:port, with other signs than letters and digits as %XX',
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
