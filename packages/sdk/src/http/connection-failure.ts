import { safeCause } from '#runtime';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { ConnectionError } from '../errors/connection-error.ts';
import { networkFailure } from './network-failure.ts';
import type { Redact } from './redact.ts';

/**
 * Makes the error of an attempt without a complete answer.
 *
 * @throws ConfigurationError if the client's configuration makes every request fail.
 */
export function connectionFailure(
  { method, path, repeatable }: { method: string; path: string; repeatable: boolean },
  thrown: unknown,
  redact: Redact,
): ConnectionError {
  if (thrown instanceof ConfigurationError) throw thrown;
  const { kind, code, words } = networkFailure(thrown);
  const details = {
    method,
    path,
    cause: safeCause(thrown, redact),
    kind,
    code: code && redact(code),
    // Not after a TLS error, because some occur on an open connection.
    neverArrived: kind === 'unreached',
  };
  const unsure = kind === 'broken' && !repeatable ? '; the request may have taken effect' : '';
  return new ConnectionError(redact(words).slice(0, 250) + unsure, details);
}
