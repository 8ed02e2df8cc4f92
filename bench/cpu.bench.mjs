/**
 * The CPU cost of a request relative to bare `fetch`: a GET with our headers, and an answer of 1 kB, read and parsed. Method: a
 * node:http server in a process of its own; in this one, 15 rounds of 300 requests per contender in a rotating order, eight at a
 * time; user and system time of this process (process.cpuUsage), the median of each round's ratio to `fetch`. Bare `node:http` is
 * the least that a transport over it could cost. Our client uses the global `fetch`, as by default, and `nodeFetch` of
 * `@webpos/sdk/node`. Between `fetch` and the client stand what a client must add, each line with all of those above it: a time
 * limit, a bound of the body, and a limit per attempt that a `fetch` without regard for its signal cannot exceed. "Without a network"
 * is the client over a `fetch` that answers at once: our own code, a promise for the answer and its parsing.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { costRatios } from './support/compare.mjs';
import { importFrom, importSdk, peerProject } from './support/installed.mjs';
import { report } from './support/report.mjs';

const AT_A_TIME = 8;
const UUID = '0b7bd9b9-2a4f-4c0e-9f4b-1d9b6f8f2a11';
const server = fork(fileURLToPath(new URL('support/order-server.mjs', import.meta.url)), { execArgv: [] });
const [port] = await once(server, 'message');
const baseUrl = `http://127.0.0.1:${port}`;
const url = `${baseUrl}/payment-order/${UUID}`;
const headers = { 'X-Api-Version': 'v1', Accept: 'application/json', Authorization: 'Bearer token-1' };
const agent = new http.Agent({ keepAlive: true });

const { Client } = await importSdk();
const { nodeFetch } = await importSdk('node');
const options = { mode: 'sandbox', clientId: 'shop', secret: 'testSecret', baseUrl };
const client = new Client(options);
const overHttp = new Client({ ...options, http: { fetch: nodeFetch() } });
const contenders = {
  fetch: cpuOf(async () => (await fetch(url, { headers })).json()),
  'fetch with a time limit': cpuOf(limitedFetch),
  '... and a bounded body': cpuOf(boundedFetch),
  '... and a limit per attempt': cpuOf(attemptedFetch),
  '@webpos/sdk without a network': cpuOf(await withoutNetwork()),
  '@webpos/sdk, a read': cpuOf(() => client.getPaymentOrder(UUID)),
  'node:http, bare': cpuOf(bareHttp),
  '@webpos/sdk over nodeFetch, a read': cpuOf(() => overHttp.getPaymentOrder(UUID)),
};
await addPeers();

const ratios = await costRatios(contenders, { rounds: 15, count: 300, warmUp: 1_000 });
const targets = { '@webpos/sdk, a read': 1.15, '@webpos/sdk over nodeFetch, a read': 0.6 };
for (const [name, ratio] of Object.entries(ratios)) {
  const target = targets[name];
  report(`${name}, CPU over fetch`, ratio.toFixed(2), target && { target: `<= ${target}`, met: ratio <= target });
}
server.disconnect();
process.exit();

async function addPeers() {
  const [stripeProject, openaiProject, squareProject] = ['stripe', 'openai', 'square'].map(peerProject);
  if (stripeProject !== undefined) {
    const { default: Stripe } = await importFrom(stripeProject, 'stripe');
    const place = { host: '127.0.0.1', port, protocol: 'http', telemetry: false };
    const onFetch = new Stripe('sk_test_1', { ...place, httpClient: Stripe.createFetchHttpClient() });
    const onHttp = new Stripe('sk_test_1', { ...place, httpAgent: agent });
    contenders['stripe on fetch'] = cpuOf(() => onFetch.customers.retrieve('x'));
    contenders['stripe on node:http'] = cpuOf(() => onHttp.customers.retrieve('x'));
  }
  if (openaiProject !== undefined) {
    const { default: OpenAI } = await importFrom(openaiProject, 'openai');
    const openai = new OpenAI({ apiKey: 'key', baseURL: baseUrl });
    contenders.openai = cpuOf(() => openai.models.retrieve('x'));
  }
  if (squareProject !== undefined) {
    const { SquareClient } = await importFrom(squareProject, 'square');
    const square = new SquareClient({ token: 'token', environment: baseUrl });
    contenders.square = cpuOf(() => square.payments.get({ paymentId: 'x' }));
  }
}

/** Does the work `count` times, several at a time. @returns the CPU time in microseconds. */
function cpuOf(work) {
  return async (count) => {
    const before = process.cpuUsage();
    let left = count;
    const worker = async () => {
      while (left > 0) {
        left -= 1;
        await work();
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
}

/** A GET over `fetch` that is aborted if it takes too long. */
async function limitedFetch(read = (response) => response.json()) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 10_000);
  const order = await read(await fetch(url, { headers, signal: controller.signal }));
  clearTimeout(timer);
  return order;
}

/** The same, for a body of at most 1 MiB, whose length is declared and which is not compressed. */
function boundedFetch() {
  return limitedFetch(async (response) => {
    const { headers: answered } = response;
    if (!(Number(answered.get('content-length')) <= 2 ** 20) || answered.get('content-encoding') !== null)
      throw new Error('expected a short body');
    return JSON.parse(await response.text());
  });
}

/** The same, as an attempt that is abandoned before the whole call is. */
function attemptedFetch() {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer')), 5_000);
    const reading = boundedFetch();
    reading.then(
      () => clearTimeout(timer),
      () => clearTimeout(timer),
    );
    reading.then(resolve, reject);
  });
}

/** A read of the client, over answers that are in memory. */
async function withoutNetwork() {
  const answers = {};
  for (const path of ['/token', `/payment-order/${UUID}`]) {
    const response = await fetch(baseUrl + path);
    const text = await response.text();
    answers[baseUrl + path] = { status: 200, headers: response.headers, text: () => Promise.resolve(text) };
  }
  const offline = new Client({ ...options, http: { fetch: (address) => Promise.resolve(answers[address]) } });
  return () => offline.getPaymentOrder(UUID);
}

/** A GET over bare node:http. */
function bareHttp() {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => resolve(JSON.parse(text)));
    });
    request.on('error', reject);
    request.end();
  });
}
