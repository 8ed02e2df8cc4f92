/**
 * The checkout page: the cost of the first view over the wire, and the cost of many open pages for the gateway. Method: the built
 * gateway, on a SQLite file, in a process of its own. Bytes are those on the socket, headers included, of what a browser with
 * brotli requests: the page of an order with a custom look, and the script that it loads. An open page was loaded, has an event
 * stream for an order of its own, and checks every 45 seconds whether it is current, over 50 connections, as through a proxy;
 * memory is the resident size ten seconds after the last was opened. Orders are created over 16 connections, 500 per round, at a
 * gateway with these pages and at one without, in turn; the median of the rounds' ratios counts.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { costRatios } from './support/compare.mjs';
import { buildGateway, cpuMsOf, login, newPos, serve, webpos } from './support/gateway-process.mjs';
import { report } from './support/report.mjs';

const PAGES = 5_000;
/** Ten segments of 1,460 bytes: what a server may send before the first acknowledgement (RFC 6928). */
const FIRST_FLIGHT_BYTES = 14_600;
const SETTINGS = { WEBPOS_RATE_LIMIT_CLIENT: '0', WEBPOS_RATE_LIMIT_PAGES: '0' };
const BODY = JSON.stringify({ amount: '10.00', reference: 'order 4711', details: 'two coffees and a cake' });

const base = await mkdtemp(join(tmpdir(), 'webpos-bench-checkout-'));
const forkHelper = (name) => fork(fileURLToPath(new URL(`support/${name}.mjs`, import.meta.url)), { execArgv: [] });
const [generator, pages] = [forkHelper('http-load'), forkHelper('open-pages')];
const gateways = [];
try {
  await buildGateway();
  const [quiet, busy] = [await started(), await started()];
  await measureFirstView(quiet);

  const before = await busy.residentMb();
  const { bodies } = await create(busy, PAGES, true);
  // The same number of orders and requests on both sides.
  await create(quiet, PAGES);
  const paths = bodies.map((body) => `/checkout/${JSON.parse(body).uuid}`);
  const [afterOrders, start] = [await busy.residentMb(), performance.now()];
  await asked(pages, { port: busy.port, pages: paths });
  report(`${PAGES} pages opened, per second`, (PAGES / ((performance.now() - start) / 1000)).toFixed(0));
  await sleep(10_000);
  const memory = await busy.residentMb();
  report('memory at the start, MB', before.toFixed(0));
  report(`  with ${PAGES} orders created`, afterOrders.toFixed(0));
  report(`  with ${PAGES} pages open`, memory.toFixed(0), { target: '< 400', met: memory < 400 });

  const cpuMs = { without: 0, with: 0 };
  const creating = (name, gateway) => async (count) => {
    const before = cpuMsOf(gateway.pid);
    const { ms } = await create(gateway, count);
    cpuMs[name] += cpuMsOf(gateway.pid) - before;
    return ms;
  };
  const contenders = { without: creating('without', quiet), with: creating('with', busy) };
  const ratios = await costRatios(contenders, { rounds: 11, count: 500, warmUp: 2_000 });
  const speed = 1 / ratios.with;
  report(`orders created with ${PAGES} pages open, speed relative to none`, speed.toFixed(2), {
    target: '>= 0.8',
    met: speed >= 0.8,
  });
  report('  by the CPU of both', (cpuMs.without / cpuMs.with).toFixed(2));
  const { same, news } = await asked(pages, 'count');
  report('pages that checked meanwhile', String(same + news));
  report('  of which had changed', String(news));
  report('memory after that, MB', (await busy.residentMb()).toFixed(0));
} finally {
  generator.disconnect();
  pages.disconnect();
  for (const gateway of gateways) await gateway.stop();
  await rm(base, { recursive: true, force: true });
}

async function started() {
  const folder = await mkdtemp(join(base, 'gateway-'));
  const pos = await newPos(folder);
  const gateway = await serve(folder, SETTINGS);
  gateways.push(gateway);
  const headers = { authorization: `Bearer ${await login(gateway.url, pos)}`, 'x-api-version': 'v1', accept: 'application/json' };
  return { ...gateway, folder, pos, headers: { ...headers, 'content-type': 'application/json' } };
}

async function create({ port, headers }, count, keep = false) {
  return asked(generator, {
    port,
    method: 'POST',
    paths: ['/payment-order'],
    headers,
    bodies: [BODY],
    connections: 16,
    count,
    keep,
  });
}

async function asked(helper, plan) {
  helper.send(plan);
  const [answer] = await once(helper, 'message');
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer;
}

async function measureFirstView(gateway) {
  const logo = join(gateway.folder, 'logo.svg');
  await writeFile(logo, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path d="M0 0h40v20z"/></svg>');
  const look = ['--accent', '#f7931a', '--logo', logo, '--support', 'help@shop.example'];
  await webpos(gateway.folder, 'pos', 'update', '--pos', gateway.pos.uuid, ...look);
  const { bodies } = await create(gateway, 1, true);
  const path = `/checkout/${JSON.parse(bodies[0]).uuid}`;
  for (const encoding of ['br', 'gzip', 'identity']) {
    const page = await wireBytes(gateway.port, path, encoding);
    const text = await (await fetch(gateway.url + path)).text();
    const scripts = [...text.matchAll(/<script [^>]*src="([^"]+)"/g)].map(([, url]) => url);
    let all = page;
    for (const script of scripts) all += await wireBytes(gateway.port, script, encoding);
    const goal = (most, bytes) => (encoding === 'identity' ? undefined : { target: `<= ${most}`, met: bytes <= most });
    report(`the page, ${encoding}, bytes`, String(page), goal(FIRST_FLIGHT_BYTES, page));
    report(`  with its ${scripts.length === 1 ? 'script' : `${scripts.length} scripts`}`, String(all), goal(30_000, all));
  }
  report('checkout.js for shops, br, bytes', String(await wireBytes(gateway.port, '/checkout.js', 'br')));
}

/** Returns the size of a whole answer in bytes, headers included. */
async function wireBytes(port, path, encoding) {
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept-encoding: ${encoding}\r\nconnection: close\r\n\r\n`);
  let bytes = 0;
  let head = '';
  for await (const chunk of socket) {
    if (bytes === 0) head = chunk.toString('latin1', 0, 12);
    bytes += chunk.length;
  }
  if (head !== 'HTTP/1.1 200') throw new Error(`${path}: ${head}`);
  return bytes;
}
