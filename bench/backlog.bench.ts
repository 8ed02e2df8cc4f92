/**
 * A backlog of 1,000,000 undelivered callbacks (BACKLOG sets another size) in a SQLite file: the time from opening the database
 * to the first delivery, the memory of the process, the delivery rate, and the wait of a new event meanwhile, to the endpoint of
 * the backlog and to another one. 4 events per order, bodies of 300 bytes; delivered for 20 seconds, not to the end. The backlog
 * is inserted with statements of its own, because creating it through the services would take an hour.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { plusMs, systemClock } from '../packages/gateway/src/kernel/clock.ts';
import type { Pos } from '../packages/gateway/src/merchants/pos.ts';
import { sampleCallback, sampleOrder } from '../packages/gateway/test/support/samples.ts';
import { openDelivery, percentile, storeEvents } from './support/delivery.ts';
import { report } from './support/report.mjs';

interface Sqlite {
  readonly DatabaseSync: new (path: string) => {
    exec(text: string): void;
    prepare(text: string): { all(): unknown[] };
    close(): void;
  };
}
const { DatabaseSync } = createRequire(new URL('../packages/gateway/package.json', import.meta.url))(
  '@photostructure/sqlite',
) as Sqlite;

const BACKLOG = Number(process.env['BACKLOG'] ?? 1_000_000);
const PER_ORDER = 4;
const SECONDS = 20;

const folder = await mkdtemp(join(tmpdir(), 'webpos-backlog-'));
const path = join(folder, 'webpos.db');
const arrivedAt = new Map<string, number>();
let arrived = 0;
const server = createServer((request, response) => {
  arrived += 1;
  const id = String(request.headers['webhook-id']);
  // Not part of the backlog.
  if (!id.startsWith('event ')) arrivedAt.set(id, performance.now());
  request.resume().on('end', () => response.end());
});
server.listen(0, '0.0.0.0');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
const [behind, beside] = [`http://127.0.0.2:${port}/`, `http://127.0.0.3:${port}/`];
try {
  const pos = await makeBacklog();
  globalThis.gc?.();
  const startedAt = performance.now();
  const bench = await openDelivery(path, pos);
  bench.delivery.start();
  const hasBegun = (): boolean => arrived > 0;
  while (!hasBegun()) await sleep(1);
  const startMs = performance.now() - startedAt;
  const stored: { id: string; at: number; to: string }[] = [];
  let mostRss = 0;
  const drainedFrom = { at: performance.now(), arrived };
  for (let n = 0; performance.now() - drainedFrom.at < SECONDS * 1000; n += 1) {
    const to = n % 2 === 0 ? behind : beside;
    const [id = ''] = await storeEvents(bench, [to]);
    stored.push({ id, at: performance.now(), to });
    bench.delivery.wake();
    mostRss = Math.max(mostRss, process.memoryUsage().rss);
    await sleep(50);
  }
  const perS = (arrived - drainedFrom.arrived) / ((performance.now() - drainedFrom.at) / 1000);
  await sleep(1_000);
  await bench.close();
  report('backlog', `${BACKLOG.toLocaleString('en')} events`);
  report('from opening the database to the first arrival', `${startMs.toFixed(0)} ms`, {
    target: '< 3000 ms',
    met: startMs < 3_000,
  });
  const megabytes = mostRss / 1e6;
  report('memory of the process, max', `${megabytes.toFixed(0)} MB`, { target: '< 250 MB', met: megabytes < 250 });
  report('drained', `${perS.toFixed(0)} per second`);
  for (const [name, to] of [['same', behind] as const, ['another', beside] as const]) {
    const waits = stored.filter((one) => one.to === to).map(({ id, at }) => (arrivedAt.get(id) ?? Number.POSITIVE_INFINITY) - at);
    const p99 = percentile(waits, 0.99);
    report(`a new event to ${name} endpoint, 99th percentile`, `${p99.toFixed(0)} ms`, { target: '< 1000 ms', met: p99 < 1_000 });
  }
} finally {
  server.close().closeAllConnections();
  await rm(folder, { recursive: true, force: true });
}

/** Copies one order and one event until the backlog is complete. */
async function makeBacklog(): Promise<Pos> {
  const bench = await openDelivery(path);
  const [order] = [sampleOrder(bench.pos)];
  await bench.store.orders.insert(order);
  const event = sampleCallback(order, {
    url: behind,
    body: JSON.stringify({ filler: 'x'.repeat(280) }),
    // An hour ago, so that all of them are due, and none is given up during the benchmark.
    createdAt: plusMs(systemClock.now(), -3_600_000),
  });
  await bench.store.callbacks.insert([event]);
  await bench.close();
  const db = new DatabaseSync(path);
  db.exec('pragma synchronous = off');
  const columnsOf = (table: string): string[] =>
    (db.prepare(`pragma table_info(${table})`).all() as { name: string }[]).map(({ name }) => name);
  const copy = (table: string, count: number, made: Readonly<Record<string, string>>): void => {
    const columns = columnsOf(table);
    db.exec(
      `with recursive n(n) as (select 1 union all select n + 1 from n where n < ${count})
       insert into ${table} (${columns.join()}) select ${columns.map((name) => made[name] ?? name).join()}
       from n, (select * from ${table} limit 1)`,
    );
  };
  // Ids grow with time, as the gateway's do.
  const idOf = (what: string, number: string): string => `printf('${what} %09d', ${number})`;
  const orders = Math.ceil(BACKLOG / PER_ORDER);
  copy('orders', orders, { id: idOf('order', 'n'), script: `'script ' || n`, address_index: '1000000 + n' });
  copy('callbacks', BACKLOG, {
    id: idOf('event', 'n'),
    order_id: idOf('order', `((n - 1) / ${PER_ORDER} + 1)`),
    sequence: `(n - 1) % ${PER_ORDER}`,
    next_attempt_at: `case when (n - 1) % ${PER_ORDER} = 0 then next_attempt_at + n end`,
  });
  db.close();
  return bench.pos;
}
