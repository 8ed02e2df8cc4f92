/**
 * `npm run bench -- panel --orders 100000`: what the pages of the panel about orders cost in CPU and over the wire with so many orders, and
 * how long searches take that find a page, one order, or nothing. Everything is in one process: nothing but the gateway uses its CPU.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Kysely } from 'kysely';
import { createServer } from '../packages/gateway/src/api/server.ts';
import { systemClock } from '../packages/gateway/src/kernel/clock.ts';
import type { OrderTerms } from '../packages/gateway/src/orders/order.ts';
import { deriveKeys } from '../packages/gateway/src/security/key-file.ts';
import { WalletSeals } from '../packages/gateway/src/security/wallet-seals.ts';
import { issueCode } from '../packages/gateway/src/services/people/panel-access.ts';
import { SealGuard } from '../packages/gateway/src/services/seals/seal-guard.ts';
import { sqliteDialect } from '../packages/gateway/src/store/sql/dialects/sqlite/sqlite.ts';
import { openSqlStore } from '../packages/gateway/src/store/sql/sql-store.ts';
import type { Tables } from '../packages/gateway/src/store/sql/tables.ts';
import { panelRoutes, type PanelOptions } from '../packages/gateway/src/web/panel/panel-routes.ts';
import { OrderStreams } from '../packages/gateway/src/web/shared/order-streams.ts';
import {
  EMPTY_POS,
  fillTables,
  LARGE_POS,
  orderIdOf,
  SHARED_REFERENCE,
  sizesOf,
} from '../packages/gateway/test/scale/large-database.ts';

const MAX = { cpuMs: 60, bytes: 25_000, searchMs: 50 } as const;
const RUNS = 20;

const { values } = parseArgs({ options: { orders: { type: 'string', default: '100000' } } });
const orders = Number(values.orders);
const order = orderIdOf(Math.floor(orders / 2));

const PAGES = [
  '/panel',
  '/panel/orders',
  '/panel/orders?attention=1',
  `/panel/orders/${order}`,
  `/panel/orders/${order}/receipt`,
];

const SEARCHES: readonly (readonly [name: string, query: string])[] = [
  ['order number', `q=${order}`],
  ['its beginning', `q=${order.slice(0, 8)}`],
  ['reference of one', 'q=order+1001'],
  ['reference of very many', `q=${SHARED_REFERENCE}`],
  ['the same, with a status that none has', `q=${SHARED_REFERENCE}&status=chargeback`],
  ['price', 'q=500.00'],
  ['price, at a POS without orders', `q=500.00&pos=${EMPTY_POS}`],
  ['amount received', 'q=5000+sat'],
  ['nothing', 'q=nothing+has+this'],
  ['status', `status=expired&pos=${LARGE_POS}`],
  ['attention at a POS without orders', `attention=1&pos=${EMPTY_POS}`],
];

const compress = promisify(brotliCompress);
/** As the gateway compresses pages. */
const brotli = (text: string): Promise<Buffer> => compress(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });

const rated = (measured: number, max: number, unit: string): string =>
  `${measured.toFixed(unit === 'ms' ? 1 : 0)} ${unit} (${(measured / max).toFixed(2)} of ${max})`;

/** Takes every address of an order for authentic, for the price of a seal that fits: the orders of this database have none. */
class TrustingGuard extends SealGuard {
  override isSoundOrder(terms: OrderTerms): boolean {
    return this.sealOfOrder(terms) !== '';
  }
}

const folder = await mkdtemp(join(tmpdir(), 'webpos-bench-panel-'));
try {
  await measure();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const dialect = sqliteDialect(join(folder, 'webpos.db'));
  let tables: Kysely<Tables> | undefined;
  const store = await openSqlStore({
    ...dialect,
    prepare: async (db) => {
      tables = db;
      await dialect.prepare(db);
    },
  });
  if (tables === undefined) throw new Error('the store was opened without its tables');
  await fillTables(tables, dialect, sizesOf(orders));
  const keys = deriveKeys(Buffer.alloc(32, 1));
  const context = {
    store,
    clock: systemClock,
    newUuid: randomUUID,
    network: 'regtest',
    publicUrl: 'http://localhost',
    keys,
    rates: { rate: () => undefined },
    guard: new TrustingGuard({
      seals: new WalletSeals(keys.wallet),
      clock: systemClock,
      since: systemClock.now(),
      log: { error: () => {} },
    }),
  };
  const chain = {
    height: 2_000,
    trouble: null,
    source: 'none',
    network: 'regtest',
    synced_at: null,
    concerns: [],
    reading: null,
  };
  const readiness = (): Promise<{ ready: boolean; chain: typeof chain }> => Promise.resolve({ ready: true, chain });
  const log = { info: () => {}, error: (fields: unknown) => console.error(fields) };
  const server = await createServer({ context: context as never, sandbox: false, health: readiness, log });
  const streams = new OrderStreams({ most: 1 });
  // The pages that are measured need no more than this.
  const options = { context, streams, readiness, redelivery: { state: undefined }, sendTest: () => undefined, isSandbox: false };
  panelRoutes(server, options as unknown as PanelOptions);
  await server.ready();
  const { secret } = await issueCode(context);
  const entered = await server.inject({
    method: 'POST',
    url: '/panel/login',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ code: secret }).toString(),
  });
  const cookie = String(entered.headers['set-cookie']).split(';')[0] ?? '';
  const get = async (url: string): Promise<string> => {
    const { statusCode, body } = await server.inject({ url, headers: { cookie } });
    if (statusCode !== 200) throw new Error(`${url}: expected 200, got ${statusCode}`);
    return body;
  };
  console.log(`${orders} orders on SQLite; medians of ${RUNS} runs.`);
  for (const path of PAGES) {
    const html = await get(path);
    const cpuMs = await medianOf(() => cpuOf(() => get(path)));
    const bytes = (await brotli(html)).length;
    console.log(
      `${path.replace(order, ':order')}: CPU ${rated(cpuMs, MAX.cpuMs, 'ms')}, wire ${rated(bytes, MAX.bytes, 'bytes')}`,
    );
  }
  for (const [name, query] of SEARCHES) {
    const url = `/panel/orders?${query}`;
    const ms = await medianOf(() => timeOf(() => get(url)));
    // Hardly depends on what else the machine does.
    const cpuMs = await medianOf(() => cpuOf(() => get(url)));
    console.log(`search, ${name}: ${rated(ms, MAX.searchMs, 'ms')}, CPU ${cpuMs.toFixed(1)} ms`);
  }
  streams.close();
  await server.close();
  await store.close();
}

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

async function medianOf(measureOnce: () => Promise<number>): Promise<number> {
  const measured: number[] = [];
  for (let run = 0; run < RUNS; run += 1) measured.push(await measureOnce());
  return measured.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
}
