import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { basic, testKey } from './support/test-gateway.ts';
import { gatewayFiles } from '../../../test/support/gateway-files.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { program } from '../../../test/support/programs/program.ts';

const MAIN = await program('webpos');
const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await Promise.all(children.splice(0).map(end));
});

interface Process {
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  /** The exit status, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
}

function start(words: readonly string[], settings: Readonly<Record<string, string>> = {}): Process {
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: REPOSITORY,
    env: {
      PATH: process.env['PATH'],
      ...gatewayFiles(folder),
      WEBPOS_PORT: '0',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return { child, out: () => out, err: () => err, ended };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function run(
  words: readonly string[],
  settings?: Readonly<Record<string, string>>,
): Promise<{ status: number | string; out: string; err: string }> {
  const started = start(words, settings);
  const status = await started.ended;
  return { status, out: started.out(), err: started.err() };
}

/** Starts `webpos serve` and waits for its URL. */
async function serve(settings?: Readonly<Record<string, string>>): Promise<Process & { readonly url: string }> {
  const started = start(['serve', '--json'], settings);
  await vi.waitFor(() => expect(started.out(), started.err()).toContain('\n'), { timeout: 15_000, interval: 20 });
  return { ...started, url: (JSON.parse(started.out()) as { url: string }).url };
}

interface AccountShown {
  readonly next_index: number;
  readonly skipped: readonly { readonly first: number; readonly last: number; readonly reason: string }[];
}

interface Credentials {
  readonly client_id: string;
  readonly secret: string;
}

async function newPos(): Promise<Credentials> {
  const account = await run(['account', 'create', '--name', 'Wallet', '--xpub', testKey(7), '--json']);
  const { uuid } = JSON.parse(account.out) as { uuid: string };
  const pos = await run(['pos', 'create', '--name', 'Till', '--account', uuid, '--currency', 'EUR', '--json']);
  return JSON.parse(pos.out) as Credentials;
}

/** A module that lets every sync of a file fail once a file exists at a path. */
function refusesSyncsOnce(flag: string): string {
  const text = `
    import { existsSync } from 'node:fs';
    import { open } from 'node:fs/promises';
    const file = await open(process.execPath);
    const { datasync } = Object.getPrototypeOf(file);
    Object.getPrototypeOf(file).datasync = function () {
      if (!existsSync(${JSON.stringify(flag)})) return datasync.call(this);
      return Promise.reject(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }));
    };
    await file.close();`;
  return `data:text/javascript,${encodeURIComponent(text)}`;
}

async function post(url: string, authorization: string, body: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(5_000),
  });
  expect(answer.ok).toBe(true);
  return answer.json();
}

async function login(url: string, { client_id: clientId, secret }: Credentials): Promise<string> {
  const answer = await post(`${url}/token`, basic(clientId, secret), { grant_type: 'client_credentials', scope: '*' });
  return `Bearer ${(answer as { access_token: string }).access_token}`;
}

describe('the gateway process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends with status 0 on %s, even while a client keeps a connection open',
    async (signal) => {
      const served = await serve({ WEBPOS_STOP_TIMEOUT_S: '60' });
      await fetch(`${served.url}/healthz`);
      const before = Date.now();
      served.child.kill(signal);
      expect(await served.ended).toBe(0);
      // Long before the stop timeout.
      expect(Date.now() - before).toBeLessThan(40_000);
      expect(
        served
          .err()
          .trim()
          .split('\n')
          .map((line) => (JSON.parse(line) as { msg: string }).msg),
      ).toEqual(expect.arrayContaining(['gateway: serving', 'gateway: stopped']));
      // Only the one line of JSON.
      expect(served.out().trim().split('\n')).toHaveLength(1);
    },
    90_000,
  );

  it('aborts a callback that hangs when it has to stop, and sends it again after the next start', async () => {
    let requests = 0;
    const endpoint = createServer(() => void (requests += 1)).listen(0, '127.0.0.1');
    await once(endpoint, 'listening');
    onTestFinished(() => endpoint.close().closeAllConnections());
    const { port } = endpoint.address() as AddressInfo;
    const settings = { WEBPOS_STOP_TIMEOUT_S: '2', WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true' };
    const first = await serve(settings);
    const pos = await newPos();
    const request = { amount: '10.00', callback_url: `http://127.0.0.1:${port}/callback` };
    const token = await login(first.url, pos);
    const order = (await post(`${first.url}/payment-order`, token, request)) as { uuid: string };
    await fetch(`${first.url}/payment-order/${order.uuid}`, { method: 'DELETE', headers: { authorization: token } });
    await vi.waitFor(() => expect(requests).toBe(1), { timeout: 60_000, interval: 20 });
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(first.err()).toContain('callback: attempt aborted, because the gateway stops');

    const second = await serve(settings);
    await vi.waitFor(() => expect(requests).toBe(2), { timeout: 60_000, interval: 20 });
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });

  it('continues where it was killed: its orders, tokens and secrets are still valid', async () => {
    const first = await serve();
    // Commands work on the same database while it serves.
    const pos = await newPos();
    const token = await login(first.url, pos);
    const order = (await post(`${first.url}/payment-order`, token, { amount: '10.00' })) as { uuid: string; address: string };
    await fetch(`${first.url}/checkout/${order.uuid}/sandbox/pay`, { method: 'POST', redirect: 'manual' });
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');

    const second = await serve({ WEBPOS_SANDBOX_BLOCK_INTERVAL_S: '1' });
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${second.url}/payment-order/${order.uuid}`, { headers: { authorization: token } });
        expect(answer.status).toBe(200);
        expect(await answer.json()).toMatchObject({ address: order.address, state: { status: 'paid' } });
      },
      { timeout: 60_000, interval: 100 },
    );
    const next = (await post(`${second.url}/payment-order`, await login(second.url, pos), { amount: '10.00' })) as {
      address: string;
    };
    expect(next.address).not.toBe(order.address);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  }, 90_000);

  it('never hands out an address twice when it is killed repeatedly while it creates orders', async () => {
    const pos = await newPos();
    const reported: string[] = [];
    for (const enough of [5, 40]) {
      const served = await serve({ WEBPOS_RATE_LIMIT_CLIENT: '0' });
      const token = await login(served.url, pos);
      const makeUntilKilled = async (): Promise<void> => {
        for (;;) {
          const order = await post(`${served.url}/payment-order`, token, { amount: '10.00' }).catch(() => undefined);
          if (order === undefined) return;
          reported.push((order as { address: string }).address);
          if (reported.length >= enough) served.child.kill('SIGKILL');
        }
      };
      await Promise.all(Array.from({ length: 8 }, makeUntilKilled));
      expect(await served.ended).toBe('SIGKILL');
    }
    const orders = JSON.parse((await run(['order', 'list', '--limit', '1000', '--json'])).out) as { address: string }[];
    const addresses = orders.map(({ address }) => address);
    expect(reported.length).toBeGreaterThanOrEqual(40);
    expect(addresses).toEqual(expect.arrayContaining(reported));
    expect(new Set(addresses).size).toBe(addresses.length);
    // No index is lost either: the second start skipped and recorded the indexes that were set aside at the first kill.
    const [account] = JSON.parse((await run(['account', 'list', '--json'])).out) as AccountShown[];
    const skipped = account?.skipped.map(({ first, last }) => last + 1 - first) ?? [];
    expect(account?.next_index).toBe(orders.length + skipped.reduce((sum, count) => sum + count, 0));
    // The block that is set aside grows with the pace, up to four times what was used within a quarter of a second.
    for (const count of skipped) expect(count).toBeLessThanOrEqual(4 * 64);
  }, 90_000);

  it('ends when the disk refuses what was committed, and the next one goes on with what is stored', async () => {
    const served = await serve({ NODE_OPTIONS: `--import ${refusesSyncsOnce(join(folder, 'refuse'))}` });
    const pos = await newPos();
    const token = await login(served.url, pos);
    const order = (await post(`${served.url}/payment-order`, token, { amount: '10.00' })) as { uuid: string };
    await writeFile(join(folder, 'refuse'), '');
    const refused = await fetch(`${served.url}/payment-order`, {
      method: 'POST',
      headers: { authorization: token, 'content-type': 'application/json' },
      body: JSON.stringify({ amount: '11.00' }),
    });
    expect([refused.status, await refused.json()]).toEqual([503, expect.objectContaining({ error_code: '4006' })]);
    expect(await served.ended).toBe(1);
    expect(served.err()).toMatch(/the disk did not store what was written to .*webpos\.db-wal: EIO/);

    const next = await serve();
    const answer = await fetch(`${next.url}/payment-order/${order.uuid}`, { headers: { authorization: token } });
    expect(answer.status).toBe(200);
    next.child.kill('SIGTERM');
    expect(await next.ended).toBe(0);
  }, 90_000);

  it('refuses to start with a status and a message without a stack', async () => {
    const runs = await Promise.all([
      run(['serve'], { WEBPOS_PORT: 'x', WEBPOS_MODE: 'y' }),
      run(['serve', '--loud']),
      run(['dance']),
    ]);
    expect(runs.map(({ status }) => status)).toEqual([1, 2, 2]);
    expect(runs[0].err).toMatch(/^webpos: WEBPOS_MODE: .*\nWEBPOS_PORT: .*\n$/);
    expect(runs[1].err).toBe('webpos: unknown option --loud\n');
    for (const { out, err } of runs) {
      expect(out).toBe('');
      expect(err).not.toMatch(/\n\s+at /);
    }
  }, 90_000);
});
