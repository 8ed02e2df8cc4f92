import { ConfigurationError } from '../errors/configuration-error.ts';
import { codeOf } from './safe-cause.ts';

/**
 * Why there was no complete answer:
 * - `unreached`: no connection was made, so the request surely did not arrive;
 * - `tls`: the two sides could not agree on a secure connection, so another attempt will fail too;
 * - `broken`: anything else; the request may have arrived.
 */
export interface NetworkFailure {
  kind: 'unreached' | 'tls' | 'broken';
  /** The runtime's code, if there is one. */
  code: string | undefined;
  /** The explanation and the runtime's own message, not redacted yet. */
  words: string;
}

const EXPLANATIONS: Readonly<Record<NetworkFailure['kind'], string>> = {
  unreached: 'could not connect',
  tls: 'no secure connection',
  broken: 'the connection broke before the answer was complete',
};

// Codes that Node, undici and Bun use only while connecting. Codes that also occur on an open connection (ECONNRESET, ETIMEDOUT,
// EHOSTUNREACH) are not among them.
const UNREACHED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|ERR_PROXY_TUNNEL)$/;

// Codes, and the messages of Deno, which has no codes. They do not match text within a URL.
const TLS =
  /ERR_(TLS|SSL)_|CERT_|_CERT|EPROTO|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|(peer certificate|certificate verify|(tls|ssl) handshake)/i;

// undici passes the dispatcher a handler, whose methods were renamed in version 8. A dispatcher of the other kind refuses every
// request before anything is sent.
const STRANGE_DISPATCHER = /^UND_ERR_INVALID_ARG (invalid on\w+ method)$/;

/**
 * Classifies the error of a `fetch`.
 *
 * @throws ConfigurationError if the client's configuration makes every request fail.
 */
export function networkFailure(thrown: unknown): NetworkFailure {
  const chain = causes(thrown);
  const code = chain.map(codeOf).find((found) => found !== undefined);
  // The innermost message says most, because Node's outermost is always "fetch failed". An AggregateError has none.
  const words = chain.at(-1)?.message || code || 'no reason given';
  const [, refusal] = STRANGE_DISPATCHER.exec(`${code} ${words}`) ?? [];
  if (refusal) throw new ConfigurationError('dispatcher', 'http.fetch of the same undici', `another's: ${refusal}`);
  const isTls = chain.some((error) => TLS.test(`${codeOf(error)} ${error.message}`));
  const kind = isTls ? 'tls' : UNREACHED.test(code ?? '') ? 'unreached' : 'broken';
  return { kind, code, words: `${EXPLANATIONS[kind]}: ${words}` };
}

function causes(thrown: unknown): Error[] {
  const chain: Error[] = [];
  let error = thrown;
  // Deeper than any runtime nests causes; a cyclic chain ends here.
  while (error instanceof Error && chain.length < 5) {
    chain.push(error);
    error = error.cause;
  }
  return chain;
}
