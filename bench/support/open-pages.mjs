/**
 * A process that keeps checkout pages open, as far as the gateway sees them: a stream of events each. It is sent `{port, paths}`,
 * and answers once every stream has said its first word; then it goes on listening. By hand on plain sockets, so that it costs little.
 */
import { connect } from 'node:net';
import process from 'node:process';

const AT_ONCE = 200;

process.on('message', (plan) => void answer(plan));
process.on('disconnect', () => process.exit());

async function answer({ port, paths }) {
  try {
    for (let from = 0; from < paths.length; from += AT_ONCE)
      await Promise.all(paths.slice(from, from + AT_ONCE).map((path) => opened(port, path)));
    process.send?.({ open: paths.length });
  } catch (error) {
    process.send?.({ error: error.message });
  }
}

function opened(port, path) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n\r\n`);
    });
    let said = '';
    socket.on('data', (bytes) => {
      if (said.includes('event: version')) return;
      said += bytes.toString('latin1');
      if (said.includes('event: version')) resolve();
      else if (!said.startsWith('HTTP/1.1 200')) reject(new Error(`${path}: ${said.slice(0, 100)}`));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`${path}: closed`)));
  });
}
