/**
 * A process that keeps checkout pages open, as far as the gateway sees them: each is loaded, follows an event stream of its own,
 * and checks every 30 to 60 seconds whether it is current, as `checkout.js` does. It receives `{port, pages}` with their paths,
 * answers once every stream has sent its first data, and goes on; asked for `'count'`, it answers how many checks it made, and
 * how many found a change.
 */
import http from 'node:http';
import { connect } from 'node:net';
import process from 'node:process';

const AT_ONCE = 50;
const ASK_EVERY_MS = 45_000;
const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });
const asked = { same: 0, news: 0 };

process.on('message', (plan) => (plan === 'count' ? process.send?.(asked) : void answer(plan)));
process.on('disconnect', () => process.exit());

async function answer({ port, pages }) {
  try {
    for (let from = 0; from < pages.length; from += AT_ONCE)
      await Promise.all(pages.slice(from, from + AT_ONCE).map((path) => open(port, path)));
    process.send?.({ open: pages.length });
  } catch (error) {
    process.send?.({ error: error.message });
  }
}

async function open(port, path) {
  let { etag } = await get(port, path);
  await stream(port, `${path}/events`);
  const ask = async () => {
    const page = await get(port, path, { 'if-none-match': etag });
    etag = page.etag ?? etag;
    asked[page.status === 304 ? 'same' : 'news'] += 1;
  };
  const failed = (error) => process.send?.({ error: error.message });
  // Spread over the interval between two checks.
  setTimeout(() => setInterval(() => void ask().catch(failed), ASK_EVERY_MS), Math.random() * ASK_EVERY_MS);
}

function get(port, path, more = {}) {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': 'br', ...more };
    http
      .get({ port, host: '127.0.0.1', path, agent, headers }, (response) => {
        response.resume().on('end', () => resolve({ status: response.statusCode, etag: response.headers.etag }));
      })
      .on('error', reject);
  });
}

function stream(port, path) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n\r\n`);
    });
    let output = '';
    socket.on('data', (bytes) => {
      if (output.includes('event: version')) return;
      output += bytes.toString('latin1');
      if (output.includes('event: version')) resolve();
      else if (!output.startsWith('HTTP/1.1 200')) reject(new Error(`${path}: ${output.slice(0, 100)}`));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`${path}: closed`)));
  });
}
