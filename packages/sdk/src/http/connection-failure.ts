import { safeCause } from '#runtime';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { ConnectionError } from '../errors/connection-error.ts';
import { networkFailure } from './network-failure.ts';
import type { Redact } from './redact.ts';

/**
 * The error of an attempt that brought no whole answer.
 *
 * @throws ConfigurationError where no answer can ever come as the client is configured.
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
    // Not after a TLS error: some come in the middle of an open connection.
    neverArrived: kind === 'unreached',
  };
  const unsure = kind === 'broken' && !repeatable ? '; what it asked for may have been done' : '';
  return new ConnectionError(redact(words).slice(0, 250) + unsure, details);
}
