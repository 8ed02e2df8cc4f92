/** HAProxy with the configuration of the examples in front of two real processes, of which one is killed and one is stopped. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findBitcoind } from '../../../../test/support/find-bitcoind.ts';
import { findProgram } from '../../../../test/support/find-program.ts';
import { freePorts } from '../../../../test/support/free-ports.ts';
import { findPostgres } from '../../../../test/support/postgres.ts';
import { startTiedProcess, type TiedProcess } from '../../../../test/support/tied-process.ts';
import { makeCertificate } from '../support/make-certificate.ts';
import { deploy, type Deployed } from './deployed.ts';
import { PatientShop, type Asked, type RequestToSend } from './patient-shop.ts';

const FILE = 'packages/gateway/test/deployment/proxy.test.ts';
const CONFIGURATION = new URL('../../../../examples/several-processes/haproxy.cfg', import.meta.url);
const bitcoind = await findBitcoind(FILE);
const postgres = await findPostgres(FILE);
const haproxy = findProgram('/usr/sbin/haproxy', 'HAPROXY', FILE);

// skip: the functions above say what is missing
describe.skipIf(bitcoind === undefined || postgres === undefined || haproxy === undefined)('behind HAProxy', () => {
  let deployed: Deployed;
  let proxy: TiedProcess;
  let folder: string;
  let port: number;
  let certificate: string;

  beforeAll(async () => {
    deployed = await deploy(2, bitcoind ?? '', postgres ?? '');
    for (const gateway of deployed.gateways) await gateway.start();
    folder = await mkdtemp(join(tmpdir(), 'webpos-proxy-'));
    const [certFile, keyFile, pem, file] = ['cert', 'key', 'both.pem', 'haproxy.cfg'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
      string,
    ];
    await makeCertificate({ certFile, keyFile }, 'pay.example');
    certificate = await readFile(certFile, 'utf8');
    await writeFile(pem, certificate + (await readFile(keyFile, 'utf8')), { mode: 0o600 });
    [port] = (await freePorts(1)) as [number];
    await writeFile(file, await configuration(pem));
    proxy = startTiedProcess(haproxy ?? '', ['-f', file, '-db']);
    await vi.waitFor(async () => {
      const { status } = await send({ method: 'GET', path: '/readyz', headers: {} });
      if (status !== 200) throw new Error(`the proxy answers ${status}: ${proxy.lastOutput()}`);
    });
  }, 180_000);
  afterAll(async () => {
    await proxy?.end(0);
    await deployed?.[Symbol.asyncDispose]();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  /** The example, with the addresses of this test. */
  async function configuration(pem: string): Promise<string> {
    const [a, b] = deployed.gateways.map(({ url }) => new URL(url).host);
    let text = await readFile(CONFIGURATION, 'utf8');
    for (const [from, to] of [
      [':443 ssl', `127.0.0.1:${port} ssl`],
      ['/etc/haproxy/certs/pay.example.com.pem', pem],
      ['10.0.0.11:8080', a],
      ['10.0.0.12:8080', b],
    ] as const) {
      if (text.split(from).length !== 2) throw new Error(`expected once in the configuration: ${from}`);
      text = text.replace(from, to ?? '');
    }
    return text;
  }

  function send({ method, path, headers, body }: RequestToSend): Promise<Asked> {
    return new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, method, path, headers, ca: certificate, timeout: 20_000 }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('error', reject).on('end', () => {
          const isJson = answer.headers['content-type']?.startsWith('application/json') === true;
          resolve({ status: answer.statusCode ?? 0, body: isJson ? (JSON.parse(text) as unknown) : text });
        });
      });
      asked.on('timeout', () => asked.destroy(new Error('no answer within 20 s')));
      asked.on('error', reject).end(body);
    });
  }

  test('event streams arrive at once, and metrics do not leave', async () => {
    const shop = new PatientShop(deployed.shop, send);
    shop.open();
    await vi.waitUntil(() => shop.orders.length > 0);
    await shop.close();
    expect(shop.failed).toEqual([]);
    const [order] = shop.orders;
    const first = await new Promise<string>((resolve, reject) => {
      const headers = { accept: 'text/event-stream' };
      const path = `/checkout/${order?.uuid}/events`;
      const asked = request({ host: '127.0.0.1', port, path, headers, ca: certificate }, (answer) => {
        answer.setEncoding('utf8').once('data', (part: string) => {
          resolve(`${answer.statusCode} ${part}`);
          asked.destroy();
        });
      });
      asked.on('error', reject).end();
    });
    expect(first).toMatch(/^200 /);
    expect((await send({ method: 'GET', path: '/metrics', headers: {} })).status).toBe(404);
  });

  test('requests go on while one process is killed and the other one is restarted', { timeout: 180_000 }, async () => {
    const [one, other] = deployed.gateways;
    const shops = Array.from({ length: 3 }, () => new PatientShop(deployed.shop, send));
    const orders = (): number => shops.reduce((sum, shop) => sum + shop.orders.length, 0);
    for (const shop of shops) shop.open();
    const more = async (): Promise<void> => {
      const before = orders();
      await vi.waitUntil(() => orders() > before + 15);
    };
    await more();
    await one?.kill();
    await more();
    await one?.start();
    const ready = async (): Promise<number> => (await fetch(`${one?.url}/readyz`)).status;
    await vi.waitFor(async () => expect(await ready()).toBe(200));
    await more();
    await other?.stop();
    await more();
    await other?.start();
    await more();
    for (const shop of shops) await shop.close();
    console.log(`${orders()} orders, ${shops.reduce((sum, { repeated }) => sum + repeated, 0)} requests repeated`);
    expect(shops.flatMap(({ failed }) => failed)).toEqual([]);
    expect(other?.faults).toEqual([]);
    const addresses = shops.flatMap((shop) => shop.orders.map(({ address }) => address));
    expect(new Set(addresses).size).toBe(addresses.length);
  });
});
