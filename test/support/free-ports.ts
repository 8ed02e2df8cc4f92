import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports from which systems choose those of outgoing connections, so that no connection of another test takes one meanwhile. */
const FIRST = 10_000;
const END = 32_000;

/** Returns different ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(FIRST, END);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
