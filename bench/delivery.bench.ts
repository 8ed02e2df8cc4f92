/**
 * Callbacks to shops. First: deliveries per second to one fast endpoint, from the store to the store, compared with bare POSTs by
 * undici of the same body to the same endpoint with the same concurrency (16); rounds in turn, each divided by the bare one of
 * its round, the median. Then: 100 endpoints, of which 50 never answer, with 200 events per second for 20 seconds; from the
 * commit of an event to its arrival at those that answer. SQLite in a file, all on this machine; the endpoint of the first part
 * is a process of its own.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BODY, openDelivery, percentile, storeEvents, type DeliveryBench } from './support/delivery.ts';
import { report } from './support/report.mjs';

interface Undici {
  readonly Agent: new (options: { connections: number }) => { close(): Promise<void> };
  readonly request: (url: string, options: object) => Promise<{ readonly body: { dump(): Promise<void> } }>;
}
// The gateway's own version.
const { Agent, request } = createRequire(new URL('../packages/gateway/package.json', import.meta.url))('undici') as Undici;

const EVENTS = 2_000;
const ROUNDS = 5;
const AT_ONCE = 16;
const ENDPOINTS = 100;
const PER_S = 200;
const SECONDS = 20;

const folder = await mkdtemp(join(tmpdir(), 'webpos-delivery-'));
try {
  await speed();
  await fairness();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function speed(): Promise<void> {
  const program = join(folder, 'endpoint.mjs');
  await writeFile(
    program,
    `import { createServer } from 'node:http';
     const server = createServer((request, response) => request.resume().on('end', () => response.end()));
     server.listen(0, '127.0.0.1', () => process.send(server.address().port));
     process.on('disconnect', () => process.exit());`,
  );
  const endpoint = fork(program, [], { execArgv: [] });
  const [port] = (await once(endpoint, 'message')) as [number];
  const url = `http://127.0.0.1:${port}/`;
  const bench = await openDelivery(join(folder, 'speed.db'));
  bench.delivery.start();
  await bare(url, 500);
  await delivered(bench, url, 500);
  const [ours, bares]: [Pace[], Pace[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    bares.push(await bare(url, EVENTS));
    ours.push(await delivered(bench, url, EVENTS));
  }
  await bench.close();
  endpoint.disconnect();
  const median = (of: (round: number) => number): number =>
    percentile(
      ours.map((_, round) => of(round)),
      0.5,
    );
  const [oursOf, bareOf] = [(n: number): Pace => ours[n] ?? NONE, (n: number): Pace => bares[n] ?? NONE];
  const ratio = median((n) => oursOf(n).perS / bareOf(n).perS);
  const reported = ({ perS, cpuMicroS }: Pace): string => `${perS.toFixed(0)} per second, ${cpuMicroS.toFixed(0)} µs of CPU each`;
  const middle = (of: (n: number) => Pace): Pace => ({
    perS: median((n) => of(n).perS),
    cpuMicroS: median((n) => of(n).cpuMicroS),
  });
  report('bare POSTs by undici', reported(middle(bareOf)));
  report('deliveries, stored before and after', reported(middle(oursOf)));
  report('  over bare POSTs', ratio.toFixed(2), { target: '>= 0.5', met: ratio >= 0.5 });
  report('  CPU, bare POSTs over it', median((n) => bareOf(n).cpuMicroS / oursOf(n).cpuMicroS).toFixed(2));
}

interface Pace {
  readonly perS: number;
  /** CPU of this process, per delivery. */
  readonly cpuMicroS: number;
}

const NONE: Pace = { perS: Number.NaN, cpuMicroS: Number.NaN };

async function paceOf(count: number, work: () => Promise<unknown>): Promise<Pace> {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { perS: count / ((performance.now() - startedAt) / 1000), cpuMicroS: (user + system) / count };
}

async function bare(url: string, count: number): Promise<Pace> {
  const agent = new Agent({ connections: AT_ONCE });
  let left = count;
  const headers = { 'content-type': 'application/json' };
  const post = async (): Promise<void> => {
    while (left-- > 0) await (await request(url, { dispatcher: agent, method: 'POST', headers, body: BODY })).body.dump();
  };
  const pace = await paceOf(count, () => Promise.all(Array.from({ length: AT_ONCE }, post)));
  await agent.close();
  return pace;
}

async function delivered(bench: DeliveryBench, url: string, count: number): Promise<Pace> {
  for (let n = 0; n < count; n += 500)
    await storeEvents(
      bench,
      Array.from({ length: Math.min(500, count - n) }, () => url),
    );
  return paceOf(count, () => bench.delivery.idle());
}

async function fairness(): Promise<void> {
  const arrivedAt = new Map<string, number>();
  // Each loopback address is an endpoint of its own; those with an odd number never answer.
  const server = createServer((incoming, response) => {
    arrivedAt.set(String(incoming.headers['webhook-id']), performance.now());
    incoming.resume();
    if (Number(incoming.headers.host?.split(/[.:]/)[3]) % 2 === 0) response.end();
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const bench = await openDelivery(join(folder, 'fair.db'));
  bench.delivery.start();
  const stored: { id: string; at: number }[] = [];
  const startedAt = performance.now();
  for (let n = 0; n < PER_S * SECONDS; n += 1) {
    const waitMs = startedAt + (n * 1000) / PER_S - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const host = 2 + (n % ENDPOINTS);
    const [id = ''] = await storeEvents(bench, [`http://127.0.0.${host}:${port}/`]);
    if (host % 2 === 0) stored.push({ id, at: performance.now() });
    bench.delivery.wake();
  }
  const perS = (PER_S * SECONDS) / ((performance.now() - startedAt) / 1000);
  await sleep(2_000);
  const waits = stored.map(({ id, at }) => (arrivedAt.get(id) ?? Number.POSITIVE_INFINITY) - at);
  server.close().closeAllConnections();
  await bench.close();
  const p99 = percentile(waits, 0.99);
  report(`commit to arrival, ${ENDPOINTS} endpoints, half of them hang`, `${perS.toFixed(0)} events per second`);
  report('  median', `${percentile(waits, 0.5).toFixed(0)} ms`);
  report('  99th percentile', `${p99.toFixed(0)} ms`, { target: '< 1000 ms at 200 per second', met: p99 < 1_000 && perS > 195 });
}
