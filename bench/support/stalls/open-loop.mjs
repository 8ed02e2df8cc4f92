/**
 * A process that puts load on a gateway at fixed rates, whether or not the gateway keeps up: order creations, order reads, and
 * `/healthz`. Each request has a time at which it is due, and its latency counts from then, so a request that waits behind a stall counts
 * with its whole wait.
 *
 * It receives `{port, headers, body, ids, creationsPerS, readsPerS, healthPerS}` to start, and afterwards `'measure'` to begin a
 * measurement and `'result'` to end it and answer with the latencies in milliseconds. How late its own timers were shows how busy the
 * machine was.
 */
import http from 'node:http';
import process from 'node:process';

const TICK_MS = 5;
/** Requests under way at a time, of each kind. More of them wait here, and their latency grows. */
const CONNECTIONS = { creation: 64, read: 64, health: 16 };
const RECENT_IDS = 2_000;
/** Requests of each kind that may wait here. Further ones are not sent and count as errors: the gateway does not keep up. */
const MAX_OPEN = 20_000;

let kinds = [];
let ownLateMs = [];
let agents;

process.on('message', (message) => {
  if (message === 'measure') {
    ownLateMs = [];
    for (const kind of kinds) kind.measured = { latenciesMs: [], errors: 0, answered: 0 };
  } else if (message === 'result') {
    const result = { ownLateMs };
    for (const { name, measured } of kinds) result[name] = measured;
    process.send?.(result);
  } else start(message);
});
process.on('disconnect', () => process.exit());

function start({ port, headers, body, ids, creationsPerS, readsPerS, healthPerS }) {
  const known = [...ids];
  const remember = (text) => {
    const { uuid } = JSON.parse(text);
    if (known.length >= ids.length + RECENT_IDS) known.splice(ids.length, RECENT_IDS / 2);
    known.push(uuid);
  };
  agents = Object.fromEntries(
    Object.entries(CONNECTIONS).map(([name, maxSockets]) => [name, new http.Agent({ keepAlive: true, maxSockets })]),
  );
  const read = () => ({ method: 'GET', path: `/payment-order/${known[Math.floor(Math.random() * known.length)]}` });
  kinds = [
    { name: 'creation', perS: creationsPerS, request: () => ({ method: 'POST', path: '/payment-order', body }), done: remember },
    { name: 'read', perS: readsPerS, request: read, done: () => {} },
    { name: 'health', perS: healthPerS, request: () => ({ method: 'GET', path: '/healthz' }), done: () => {} },
  ].map((kind) => ({ ...kind, sent: 0, open: 0, measured: { latenciesMs: [], errors: 0, answered: 0 } }));
  const startedAtMs = performance.now();
  let expectedMs = startedAtMs;
  setInterval(() => {
    const nowMs = performance.now();
    expectedMs += TICK_MS;
    ownLateMs.push(Math.max(0, nowMs - expectedMs));
    // A late timer is not made up for by more timers.
    expectedMs = Math.max(expectedMs, nowMs - TICK_MS);
    for (const kind of kinds) {
      const due = Math.floor(((nowMs - startedAtMs) * kind.perS) / 1000);
      for (; kind.sent < due; kind.sent += 1) send(port, headers, kind, startedAtMs + ((kind.sent + 1) * 1000) / kind.perS);
    }
  }, TICK_MS);
}

function send(port, headers, kind, dueAtMs) {
  const { name, request, done, measured } = kind;
  const fail = () => {
    measured.errors += 1;
  };
  if (kind.open >= MAX_OPEN) return fail();
  kind.open += 1;
  const { method, path, body } = request();
  const sent = http.request(
    {
      host: '127.0.0.1',
      port,
      method,
      path,
      agent: agents[name],
      headers:
        body === undefined
          ? headers
          : { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    },
    (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => {
        measured.latenciesMs.push(performance.now() - dueAtMs);
        if (response.statusCode >= 300) return fail();
        measured.answered += 1;
        done(Buffer.concat(chunks).toString());
      });
    },
  );
  sent.on('error', fail);
  sent.on('close', () => {
    kind.open -= 1;
  });
  sent.end(body);
}
