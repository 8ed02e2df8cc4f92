/**
 * Exports of many orders: rows a second, the memory they take, and how fast orders are created meanwhile. Method: a built gateway in a
 * process of its own, on a SQLite file with 1,000,000 orders (`BENCH_ORDERS` for another number), each with one payment. The panel's API
 * is asked for orders and for payments, and the bytes are counted and thrown away. Memory is the highest resident size of the gateway
 * during an export, over that before it. Creation is the time of 2,000 orders over 8 connections, without and during an export, in turn,
 * the median of each round's ratio. `webpos export` is measured as a command beside it, with the most memory that its process ever had.
 */
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from './support/compare.mjs';
import { buildGateway, login, newPos, serve, webpos } from './support/gateway-process.mjs';
import { report } from './support/report.mjs';
import { seedOrders } from './support/seed-orders.mjs';

const ORDERS = Number(process.env.BENCH_ORDERS ?? 1_000_000);
const CREATED = 2_000;
const ROUNDS = 5;
const DAY_MS = 86_400_000;
const command = fileURLToPath(new URL('../packages/gateway/bin/webpos.js', import.meta.url));
const fromGateway = createRequire(new URL('../packages/gateway/package.json', import.meta.url));

const folder = await mkdtemp(join(tmpdir(), 'webpos-bench-export-'));
const generator = fork(fileURLToPath(new URL('support/http-load.mjs', import.meta.url)), { execArgv: [] });
let gateway;
try {
  await buildGateway();
  const pos = await newPos(folder);
  await seedOrders(folder, pos, ORDERS, ORDERS / 100);
  seedPayments();
  gateway = await serve(folder, { WEBPOS_RATE_LIMIT_CLIENT: '0' });
  const { token } = await webpos(folder, 'panel', 'token');
  await sleep(3_000);
  for (const kind of ['orders', 'payments']) await measure(kind, token);
  await measureCreation(token, await login(gateway.url, pos));
  await gateway.stop();
  await measureCommand();
} finally {
  await gateway?.stop('SIGKILL');
  generator.disconnect();
  await rm(folder, { recursive: true, force: true });
}

/** The period of the orders, which were made up to now. */
function period() {
  const day = (ms) => new Date(ms).toISOString().slice(0, 10);
  return { from: day(Date.now() - DAY_MS), to: day(Date.now()) };
}

async function measure(kind, token) {
  const before = await gateway.residentMb();
  let highest = before;
  const look = async () => {
    highest = Math.max(highest, await gateway.residentMb());
  };
  const watch = setInterval(() => void look(), 50);
  const { rows, ms } = await exported(kind, token);
  clearInterval(watch);
  const perSecond = (rows / ms) * 1000;
  report(`${kind}: ${rows} rows, rows a second`, perSecond.toFixed(0), { target: '>= 40000', met: perSecond >= 40_000 });
  report(`  memory meanwhile, MB more`, (highest - before).toFixed(0), { target: '< 120', met: highest - before < 120 });
}

/** Reads an export to its end, or until it is told to stop. */
async function exported(kind, token, signal) {
  const query = new URLSearchParams({ kind, ...period() });
  const start = performance.now();
  const answer = await fetch(`${gateway.url}/panel/api/reports?${query}`, {
    headers: { authorization: `Bearer ${token}` },
    signal,
  });
  if (answer.status !== 200) throw new Error(`the export was answered with ${answer.status}: ${await answer.text()}`);
  let rows = -1;
  for await (const chunk of answer.body) for (const byte of chunk) if (byte === 10) rows += 1;
  return { rows, ms: performance.now() - start };
}

async function measureCreation(panelToken, token) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' };
  const create = async () => {
    const bodies = [JSON.stringify({ amount: '12.50', currency: 'EUR' })];
    generator.send({
      port: gateway.port,
      method: 'POST',
      paths: ['/payment-order'],
      headers,
      bodies,
      connections: 8,
      count: CREATED,
    });
    const [answer] = await once(generator, 'message');
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.ms;
  };
  await create();
  const ratios = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const alone = await create();
    const stop = new AbortController();
    const exporting = repeated(panelToken, stop.signal);
    await sleep(200);
    const beside = await create();
    stop.abort();
    await exporting;
    ratios.push(alone / beside);
  }
  const ratio = median(ratios);
  report('orders created during an export, over those without', ratio.toFixed(2), { target: '>= 0.9', met: ratio >= 0.9 });
}

async function repeated(token, signal) {
  try {
    for (;;) await exported('orders', token, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function measureCommand() {
  const { from, to } = period();
  const words = ['export', '--kind', 'orders', '--from', from, '--to', to, '--out', join(folder, 'orders.csv'), '--json'];
  // That of the kernel's own accounts begins with the memory of the process that started it.
  const script = `import{readFileSync}from'node:fs';process.on('exit',()=>console.error(/VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status','utf8'))?.[1]))`;
  const env = {
    PATH: process.env.PATH,
    WEBPOS_DATABASE_URL: `sqlite:${join(folder, 'webpos.db')}`,
    WEBPOS_KEY_FILE: join(folder, 'webpos.key'),
  };
  const start = performance.now();
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(script)}`, command, ...words],
    { env },
  );
  const seconds = (performance.now() - start) / 1000;
  report(`webpos export, ${ORDERS} orders, rows a second with its start`, (ORDERS / seconds).toFixed(0));
  const megabytes = Number(stderr.trim().split('\n').at(-1)) / 1024;
  if (megabytes > 0)
    report('  the most memory of its process, MB', megabytes.toFixed(0), { target: '< 120', met: megabytes < 120 });
}

/** One payment of the whole amount for every order. */
function seedPayments() {
  const { DatabaseSync } = fromGateway('@photostructure/sqlite');
  const database = new DatabaseSync(join(folder, 'webpos.db'));
  database.exec(`insert into payments (txid, vout, order_id, amount_sats, normalized_txid, first_seen_at, place, block_height, block_hash,
      counted, noted, seen_rate_source, seen_rate_value, seen_rate_at)
    select lower(hex(randomblob(32))), 0, id, amount_sats, lower(hex(randomblob(32))), created_at, 'block', 100, '${'ab'.repeat(32)}',
      1, 'confirmed', 'fixed', '60000', created_at from orders;
    analyze; pragma wal_checkpoint(truncate);`);
  database.close();
}
