/**
 * What every page of the panel costs with many orders in the database: processor time of the gateway's process, the mean of 40 requests,
 * and bytes over the wire, compressed. Method: the built gateway in a process of its own, on a SQLite file with copies of two orders that
 * it has stored itself (`BENCH_ORDERS`, 1,000,000 by default), each with a callback, half of them with a payment.
 * `npm run bench -- panel.bench` measures searches.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPos, fill, makeSamples } from './support/capacity/fill.mjs';
import { buildGateway, configure, cpuMsOf, serve, webpos } from './support/gateway-process.mjs';
import { report } from './support/report.mjs';
import { makePlace } from './support/stalls/database.mjs';
import { walletSealsOf } from './support/stalls/wallet-seals.mjs';

const ORDERS = Number(process.env.BENCH_ORDERS ?? 1_000_000);
const REQUESTS = 40;
const MAX = { cpuMs: 60, bytes: 25_000 };
const ADDRESS = 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080';

const folder = await mkdtemp(join(tmpdir(), 'webpos-panel-pages-'));
const shop = http.createServer((request, response) => request.resume().on('end', () => response.end('ok')));
const place = await makePlace('sqlite', folder);
let gateway;
try {
  await buildGateway();
  shop.listen(0, '127.0.0.1');
  await once(shop, 'listening');
  configure(folder, {
    WEBPOS_DATABASE_URL: place.url,
    WEBPOS_RATE_LIMIT_CLIENT: '0',
    WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true',
  });
  const pages = await prepare();
  gateway = await serve(folder);
  // The first addresses are derived meanwhile.
  await sleep(5_000);
  const cookie = await enter(gateway.url);
  for (const path of pages) await measure(path, cookie);
} finally {
  await gateway?.stop();
  shop.close();
  shop.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
}

/** @returns the paths of the pages. */
async function prepare() {
  const pos = await createPos(folder, `http://127.0.0.1:${shop.address().port}/callback`);
  const database = await place.connect();
  try {
    const samples = await makeSamples(folder, pos, database);
    const link = await webpos(folder, 'link', 'create', '--pos', pos.uuid, '--title', 'Coffee', '--amount', '3.50');
    const merchant = await webpos(folder, 'merchant', 'create', '--name', 'Corner shop');
    const person = await webpos(folder, 'user', 'create', '--login', 'ada', '--role', 'owner');
    const refund = await webpos(folder, 'refund', 'request', '--order', samples.paid, '--to', ADDRESS);
    await fill(database, await walletSealsOf(join(folder, 'webpos.key')), samples, ORDERS);
    const [{ id: callback }] = await database.all(`select id from callbacks where order_id = '${samples.paid}' limit 1`);
    const [{ id: order }] = await database.all(`select id from orders order by created_at desc limit 1`);
    return [
      '/panel',
      '/panel/orders',
      '/panel/orders?attention=1',
      `/panel/orders/${order}`,
      `/panel/orders/${samples.paid}/receipt`,
      '/panel/callbacks',
      `/panel/callbacks/${callback}`,
      '/panel/refunds',
      `/panel/refunds/${refund.uuid}`,
      '/panel/links',
      `/panel/links/${link.uuid}`,
      `/panel/links/${link.uuid}/edit`,
      `/panel/links/${link.uuid}/poster`,
      '/panel/reports',
      '/panel/settings',
      `/panel/settings/pos/${pos.uuid}`,
      `/panel/settings/merchants/${merchant.uuid}`,
      '/panel/settings/secrets',
      '/panel/settings/wallets',
      '/panel/notifications',
      '/panel/people',
      `/panel/people/${person.uuid}`,
      '/panel/audit',
    ];
  } finally {
    await database.close();
  }
}

/** Logs in with a code. @returns the cookie of the session. */
async function enter(url) {
  const { code } = await webpos(folder, 'panel', 'login');
  const answer = await fetch(`${url}/panel/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ code }),
  });
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

async function measure(path, cookie) {
  const get = () => sent(path, cookie);
  for (let warm = 0; warm < 5; warm += 1) await get();
  const before = cpuMsOf(gateway.pid);
  let bytes = 0;
  for (let request = 0; request < REQUESTS; request += 1) bytes = await get();
  const cpuMs = (cpuMsOf(gateway.pid) - before) / REQUESTS;
  const name = path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id');
  report(name, `${cpuMs.toFixed(1)} ms, ${(bytes / 1000).toFixed(1)} kB`, {
    target: `<= ${MAX.cpuMs} ms, ${MAX.bytes / 1000} kB`,
    met: cpuMs <= MAX.cpuMs && bytes <= MAX.bytes,
  });
}

/** @returns how many bytes the body had on the wire. */
function sent(path, cookie) {
  return new Promise((resolve, reject) => {
    const request = http.get(`${gateway.url}${path}`, { headers: { cookie, 'accept-encoding': 'br' } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk) => (bytes += chunk.length));
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200 ? resolve(bytes) : reject(new Error(`${path}: ${response.statusCode}`)),
      );
    });
    request.on('error', reject);
  });
}
