/** Explains why the server cannot listen on a port, and names the setting to change. */
import { errorMessage } from './error-message.ts';
import { OperatorError } from './operator-error.ts';

export interface ListenAttempt {
  readonly host: string;
  readonly port: number;
  /** The settings that host and port come from. */
  readonly names: { readonly host: string; readonly port: string };
}

class ListenError extends OperatorError {
  override readonly name = 'ListenError';
}

export function listenError(error: unknown, attempt: ListenAttempt): OperatorError {
  return new ListenError(explain(error, attempt), { cause: error });
}

function explain(error: unknown, { host, port, names }: ListenAttempt): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return `${names.port}: port ${port} on ${host} is in use by another program; stop that one, or choose another port`;
  if (code === 'EACCES') return `${names.port}: port ${port} may not be used by this user; choose one above 1023`;
  if (code === 'EADDRNOTAVAIL') return `${names.host}: ${host} is not an address of this machine`;
  return `the server cannot listen on ${host}:${port}: ${errorMessage(error)}`;
}
