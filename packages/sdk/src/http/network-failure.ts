import { ConfigurationError } from '../errors/configuration-error.ts';
import { codeOf } from './safe-cause.ts';

/**
 * Why no whole answer came:
 * - `unreached`: no connection was ever made, so the request surely did not arrive;
 * - `tls`: the two sides could not agree on a safe connection, and will not at a second try;
 * - `broken`: anything else; the request may have arrived.
 */
export interface NetworkFailure {
  kind: 'unreached' | 'tls' | 'broken';
  /** The runtime's code, where it gave one. */
  code: string | undefined;
  /** What that means, and the runtime's own words. May hold secrets still. */
  words: string;
}

const EXPLANATIONS: Readonly<Record<NetworkFailure['kind'], string>> = {
  unreached: 'could not connect',
  tls: 'no safe connection',
  broken: 'the connection broke before the whole answer came',
};

// Given by Node, undici and Bun only while a connection is being made. Codes that an open connection can
// end with as well (ECONNRESET, ETIMEDOUT, EHOSTUNREACH) are left out.
const UNREACHED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|ERR_PROXY_TUNNEL)$/;

// Codes, and words of Deno, which gives no code. Text in a URL is not one of them.
const TLS =
  /ERR_(TLS|SSL)_|CERT_|_CERT|EPROTO|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|(peer certificate|certificate verify|(tls|ssl) handshake)/i;

// undici calls the dispatcher with a handler for its answer, whose methods have other names since version 8. It is refused before
// anything is sent, every time.
const STRANGE_DISPATCHER = /^UND_ERR_INVALID_ARG (invalid on\w+ method)$/;

/**
 * Reads from what `fetch` threw why it failed.
 *
 * @throws ConfigurationError where no request can ever be sent as the client is configured.
 */
export function networkFailure(thrown: unknown): NetworkFailure {
  const chain = causes(thrown);
  const code = chain.map(codeOf).find((found) => found !== undefined);
  // The innermost words say most: Node's outermost are always "fetch failed". An AggregateError has none.
  const words = chain.at(-1)?.message || code || 'no reason given';
  const [, refusal] = STRANGE_DISPATCHER.exec(`${code} ${words}`) ?? [];
  if (refusal) throw new ConfigurationError('dispatcher', 'fetch of the same undici beside it', `another one's: ${refusal}`);
  const isTls = chain.some((error) => TLS.test(`${codeOf(error)} ${error.message}`));
  const kind = isTls ? 'tls' : UNREACHED.test(code ?? '') ? 'unreached' : 'broken';
  return { kind, code, words: `${EXPLANATIONS[kind]}: ${words}` };
}

function causes(thrown: unknown): Error[] {
  const chain: Error[] = [];
  let error = thrown;
  // Five is deeper than any runtime nests, and ends a chain that runs in a circle.
  while (error instanceof Error && chain.length < 5) {
    chain.push(error);
    error = error.cause;
  }
  return chain;
}
