/** Runs `webpos serve` in a process of its own, for tests of crashes and of commands in other processes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { program } from '../../../../test/support/programs/program.ts';
import { basic } from './test-gateway.ts';
import { gatewayFiles } from '../../../../test/support/gateway-files.ts';

const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));

export interface ServedGateway {
  readonly url: string;
  readonly pid: number;
  /** Its standard error so far. */
  log(): string;
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** @throws Error with its standard error if it ends before it serves. */
export async function serveGateway(folder: string, settings: Readonly<Record<string, string>> = {}): Promise<ServedGateway> {
  const child = spawn(process.execPath, [await program('webpos'), 'serve', '--json'], {
    cwd: REPOSITORY,
    env: {
      PATH: process.env['PATH'],
      ...gatewayFiles(folder),
      WEBPOS_PORT: '0',
      WEBPOS_LOG_LEVEL: 'warn',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let error = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
  const ended = once(child, 'close');
  const line = await Promise.race([once(child.stdout.setEncoding('utf8'), 'data'), ended]);
  if (typeof line[0] !== 'string' || !line[0].startsWith('{')) throw new Error(`webpos serve ended: ${error}`);
  const { url } = JSON.parse(line[0]) as { url: string };
  return {
    url,
    pid: child.pid ?? 0,
    log: () => error,
    kill: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}

/** Logs in, and returns the token or the error code. */
export async function loginAt(url: string, clientId: string, secret: string): Promise<{ token?: string; error?: string }> {
  const { access_token: token, error_code: error } = await ask(url, 'POST', '/token', basic(clientId, secret), GRANT);
  return { ...(token === undefined ? {} : { token }), ...(error === undefined ? {} : { error }) };
}

const GRANT = { grant_type: 'client_credentials', scope: '*' };

/** Sends a request, and returns the fields of the answer, which tests use as text. */
export async function ask(
  url: string,
  method: string,
  path: string,
  authorization: string,
  body?: unknown,
): Promise<Record<string, string | undefined>> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(60_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Record<string, string | undefined>;
}
