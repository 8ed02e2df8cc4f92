/** The listener, a gateway and a shop, each a process of its own; gateway and shop are killed and restarted while it listens. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, startGateway } from '@webpos/gateway';
import { Client } from '@webpos/sdk';
import { CallbackHandler } from '@webpos/sdk/callbacks';
import { standardWebhooks } from '@webpos/sdk/adapters';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { standardSecret } from '../../gateway/src/callbacks/standard-key.ts';
import { createSandboxPos, type ShopCredentials } from '../../../scripts/support/sandbox-pos.ts';
import { freePorts } from '../../../test/support/free-ports.ts';
import { gatewayFiles } from '../../../test/support/gateway-files.ts';
import { program } from '../../../test/support/programs/program.ts';

const LISTENER = await program('webpos-listen');
const GATEWAY = await program('webpos');
const RECEIVER = await program('receive-callbacks');
const PATIENCE = { timeout: 60_000, interval: 50 };

interface Running {
  out(): string;
  err(): string;
  lines(): Record<string, unknown>[];
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

const running: Running[] = [];
let folder: string;
let pos: ShopCredentials;
let ports: { gateway: number; receiver: number };
let settings: Record<string, string>;

function start(file: string, words: readonly string[], environment: Record<string, string> = {}, input = ''): Running {
  const child = spawn(process.execPath, [file, ...words], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const closed = once(child, 'close');
  const one: Running = {
    out: () => out,
    err: () => err,
    lines: () =>
      out
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    kill: async (signal) => {
      child.kill(signal);
      await closed;
      return child.exitCode;
    },
  };
  running.push(one);
  return one;
}

const serve = async (): Promise<Running> => {
  const gateway = start(GATEWAY, ['serve', '--json'], settings);
  await vi.waitFor(() => expect(gateway.out()).toContain('"url"'), PATIENCE);
  return gateway;
};
const receive = async (): Promise<Running> => {
  const receiver = start(RECEIVER, [String(ports.receiver), pos.secret, standardSecret(pos.secret)]);
  await vi.waitFor(() => expect(receiver.out()).toContain('ready'), PATIENCE);
  return receiver;
};
const listen = async (words: readonly string[], to = '/callback'): Promise<Running> => {
  const environment = { WEBPOS_URL: url(), WEBPOS_CLIENT_ID: pos.clientId, WEBPOS_SECRET: pos.secret };
  const listener = start(LISTENER, ['--json', '--forward-to', `http://127.0.0.1:${ports.receiver}${to}`, ...words], environment);
  await vi.waitFor(() => expect(listener.out() + listener.err()).toContain('listening'), PATIENCE);
  return listener;
};
const url = (): string => `http://127.0.0.1:${ports.gateway}`;
const eventsIn = (listener: Running): Record<string, unknown>[] => listener.lines().filter(({ type }) => type === 'event');

/** Creates an order and has it paid. By default, nothing listens at its callback URL. */
async function paid(details = '', callbackUrl = 'http://127.0.0.1:9/callback'): Promise<string> {
  const client = new Client({ mode: 'sandbox', ...pos, baseUrl: url(), http: { timeoutMs: 30_000 } });
  const { uuid } = await client.createPaymentOrder({ amount: '10.00', details, callback_url: callbackUrl });
  await client.paymentUpdate(uuid, { callback: 'payment.completed' });
  return uuid;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-listen-'));
  const [gatewayPort = 0, receiver = 0] = await freePorts(2);
  ports = { gateway: gatewayPort, receiver };
  settings = {
    WEBPOS_PORT: String(ports.gateway),
    ...gatewayFiles(folder),
    WEBPOS_LOG_LEVEL: 'silent',
    WEBPOS_SANDBOX_BLOCK_INTERVAL_S: '3600',
    WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true',
  };
  const gateway = await startGateway(readConfig({ ...settings, WEBPOS_PORT: '0' }));
  pos = await createSandboxPos(gateway, 1);
  await gateway.stop();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.kill('SIGKILL')));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the listener', () => {
  it('resumes where it was when the gateway, the receiver or itself restarts', async () => {
    let gateway = await serve();
    let receiver = await receive();
    const position = join(folder, 'position');
    let listener = await listen(['--position', position]);
    const first = await paid();
    await vi.waitFor(() => expect(eventsIn(listener)).toMatchObject([{ order: first, status: 204, attempts: 1 }]), PATIENCE);

    await gateway.kill('SIGKILL');
    await vi.waitFor(() => expect(listener.out()).toContain('gateway_unavailable'), PATIENCE);
    gateway = await serve();
    const second = await paid();
    await vi.waitFor(() => expect(eventsIn(listener)).toMatchObject([{}, { order: second, status: 204 }]), PATIENCE);
    expect(receiver.lines()).toMatchObject([{ order: first }, { order: second }]);

    await receiver.kill('SIGKILL');
    const third = await paid();
    await vi.waitFor(() => expect(listener.out()).toContain('"connection refused"'), PATIENCE);
    expect(eventsIn(listener)).toHaveLength(2);
    receiver = await receive();
    await vi.waitFor(() => expect(eventsIn(listener)[2]).toMatchObject({ order: third, status: 204 }), PATIENCE);
    expect(eventsIn(listener)[2]!['attempts']).toBeGreaterThan(1);

    expect(await listener.kill('SIGINT')).toBe(0);
    const { cursor } = eventsIn(listener)[2]!;
    expect(listener.lines().at(-1)).toMatchObject({ type: 'stopped', forwarded: 3, cursor });
    expect(JSON.parse(await readFile(position, 'utf8'))).toMatchObject({ cursor });
    const fourth = await paid();
    listener = await listen(['--position', position]);
    await vi.waitFor(() => expect(eventsIn(listener)).toMatchObject([{ order: fourth, status: 204 }]), PATIENCE);
    expect(receiver.lines()).toMatchObject([{ order: third }, { order: fourth }]);

    // The gateway still tries to deliver all of them itself.
    const list = start(GATEWAY, ['callback', 'list', '--json'], settings);
    await vi.waitFor(() => expect(list.out()).toContain(fourth), PATIENCE);
    expect(list.out()).not.toContain('"delivered"');
    expect(`${listener.out()}${listener.err()}`).not.toContain(pos.secret);
  }, 240_000);

  it('sends exactly the bytes and headers that the gateway sends', async () => {
    const seen: { path: string; headers: IncomingHttpHeaders; body: Buffer }[] = [];
    const server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        seen.push({ path: request.url!, headers: request.headers, body: Buffer.concat(pieces) });
        response.writeHead(204).end();
      });
    }).listen(ports.receiver, '127.0.0.1');
    try {
      await serve();
      await listen([], '/forwarded');
      await paid('<b>"caffè" ☕</b> \\ \u2028', `http://127.0.0.1:${ports.receiver}/sent`);
      await vi.waitFor(() => expect(new Set(seen.map((each) => each.path))).toEqual(new Set(['/sent', '/forwarded'])), PATIENCE);
      const sent = seen.find((each) => each.path === '/sent')!;
      const forwarded = seen.find((each) => each.path === '/forwarded')!;
      expect(forwarded.body).toEqual(sent.body);
      for (const name of ['content-type', 'user-agent', 'chainside-signature', 'webhook-id'])
        expect(forwarded.headers[name], name).toBe(sent.headers[name]);
      const both = new CallbackHandler({ standardWebhooks: standardWebhooks(standardSecret(pos.secret)), secret: pos.secret });
      const { id } = await both.receive(forwarded.headers, forwarded.body);
      expect(id).toBe(sent.headers['webhook-id']);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }, 120_000);

  it('forwards only the requested events, and reports a refused one once', async () => {
    await serve();
    await receive();
    const wanted = await listen(['--events', 'payment.overpaid', '--trigger', 'payment.overpaid'], '/standard');
    await vi.waitFor(() => expect(eventsIn(wanted)).toMatchObject([{ event: 'payment.overpaid', status: 204 }]), PATIENCE);
    const broken = await listen(['--trigger', 'payment.cancelled'], '/broken');
    await vi.waitFor(
      () => expect(eventsIn(broken)).toMatchObject([{ event: 'payment.cancelled', status: 500, attempts: 1 }]),
      PATIENCE,
    );
    expect(await broken.kill('SIGTERM')).toBe(0);
    const since = eventsIn(wanted)[0]!['cursor'] as string;
    const after = await listen(['--after', since]);
    await vi.waitFor(() => expect(eventsIn(after)).toMatchObject([{ event: 'payment.cancelled', status: 204 }]), PATIENCE);
  }, 120_000);

  it('also runs as a command of the gateway, and prints a line for each event', async () => {
    await serve();
    await receive();
    const to = `http://127.0.0.1:${ports.receiver}/callback`;
    const words = [
      'listen',
      '--forward-to',
      to,
      '--client-id',
      pos.clientId,
      '--secret-stdin',
      '--trigger',
      'payment.dispute.end',
    ];
    const listener = start(GATEWAY, words, settings, `${pos.secret}\n`);
    await vi.waitFor(() => expect(listener.out()).toContain('payment.dispute.end'), PATIENCE);
    const line = (event: string): RegExp => new RegExp(`^\\S+Z  ${event} +[\\da-f-]{36}  204  \\d+ ms$`);
    const lines = listener.out().trim().split('\n');
    const events = ['payment.completed', 'payment.dispute.start', 'payment.dispute.end'];
    expect(lines).toEqual(events.map((event) => expect.stringMatching(line(event)) as unknown));
    expect(await listener.kill('SIGINT')).toBe(0);
    expect(listener.err()).toContain('Stopped after 3 events. Resume from here with --after ');
  }, 120_000);

  it('triggers payment.transaction.changed for a POS that receives it, and says how to enable it', async () => {
    const gateway = await serve();
    await receive();
    const refused = await listen(['--trigger', 'payment.transaction.changed']);
    await vi.waitFor(
      () => expect(refused.err()).toContain('webpos pos update --client-id ID --transaction-changed yes'),
      PATIENCE,
    );
    await gateway.kill('SIGTERM');
    const words = ['pos', 'update', '--client-id', pos.clientId, '--transaction-changed', 'yes'];
    const update = start(GATEWAY, words, settings);
    await vi.waitFor(() => expect(update.out()).toContain('Changed POS'), PATIENCE);
    await serve();
    const listener = await listen(['--trigger', 'payment.transaction.changed']);
    const event = { event: 'payment.transaction.changed', status: 204 };
    await vi.waitFor(() => expect(eventsIn(listener)).toMatchObject([event]), PATIENCE);
  }, 240_000);

  it.each<[string, string[], number, string]>([
    ['a wrong secret', [], 1, 'UnauthorizedClient'],
    ['a secret as an option', ['--secret', 'hush-hush'], 2, '--secret: expected WEBPOS_SECRET'],
  ])(
    'ends with a message that names the mistake: %s',
    async (_what, words, status, message) => {
      await serve();
      const environment = { WEBPOS_URL: url(), WEBPOS_CLIENT_ID: pos.clientId, WEBPOS_SECRET: 'hush-hush' };
      const listener = start(LISTENER, ['--forward-to', 'http://127.0.0.1:9/', ...words], environment);
      await vi.waitFor(() => expect(listener.err()).toContain(message), PATIENCE);
      expect(await listener.kill('SIGCONT')).toBe(status);
      expect(listener.err()).not.toContain('hush-hush');
    },
    60_000,
  );
});
