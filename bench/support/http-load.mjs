/**
 * A process that puts load on an HTTP server: kept-alive connections, each with one request under way at a time. It receives
 * `{port, method, paths, headers, bodies, connections, count}` and answers with the time in milliseconds, and with every body if
 * `keep` asks for them. Several paths and bodies are used in turn. Requests are written and answers parsed by hand on plain
 * sockets, so that the load costs little.
 */
import { connect } from 'node:net';
import process from 'node:process';

const HEADERS_END = Buffer.from('\r\n\r\n');

process.on('message', (plan) => void answer(plan));
process.on('disconnect', () => process.exit());

async function answer(plan) {
  try {
    process.send?.(await load(plan));
  } catch (error) {
    process.send?.({ error: error.message });
  }
}

async function load({ port, method, paths, headers = {}, bodies = [''], connections, count, keep = false }) {
  const requests = paths.flatMap((path) => bodies.map((body) => requestOf({ method, path, headers, body })));
  const kept = [];
  const sockets = await Promise.all(Array.from({ length: connections }, () => opened(port)));
  const start = performance.now();
  await new Promise((resolve, reject) => {
    let [left, done] = [count, 0];
    sockets.forEach((socket) => {
      let waiting = Buffer.alloc(0);
      const next = () => {
        if (left === 0) return;
        left -= 1;
        socket.write(requests[left % requests.length]);
      };
      socket.on('data', (chunk) => {
        waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
        const answer = cut(waiting);
        if (answer === undefined) return;
        waiting = waiting.subarray(answer.length);
        if (answer.status >= 300) return reject(new Error(`${method} ${paths[0]}: ${answer.status} ${answer.body}`));
        if (keep) kept.push(answer.body.toString());
        done += 1;
        if (done === count) resolve();
        else next();
      });
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the server has closed a connection')));
      next();
    });
  });
  const ms = performance.now() - start;
  for (const socket of sockets) socket.removeAllListeners('close').destroy();
  return { ms, bodies: kept };
}

function requestOf({ method, path, headers, body }) {
  const lines = Object.entries({ host: '127.0.0.1', ...headers, ...(body && { 'content-length': Buffer.byteLength(body) }) });
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join('')}\r\n${body}`);
}

function opened(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket)).setNoDelay(true);
    socket.once('error', reject);
  });
}

/** Returns the first complete answer; undefined while part of it is missing. */
function cut(bytes) {
  const end = bytes.indexOf(HEADERS_END);
  if (end < 0) return undefined;
  const head = bytes.latin1Slice(0, end);
  const size = Number(/content-length: *(\d+)/i.exec(head)?.[1]);
  const length = end + 4 + size;
  if (bytes.length < length) return undefined;
  return { status: Number(head.slice(9, 12)), body: bytes.subarray(end + 4, length), length };
}
