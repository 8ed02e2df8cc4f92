import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

// The services and sockets of workerd's own schema (workerd.capnp). A Worker reaches the platform on the loopback.
const CONFIG = `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (modules = [(name = "worker", esModule = embed "worker.js")], compatibilityDate = "2026-01-01")),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;

/** A running Worker. */
export interface RunningWorker {
  baseUrl: string;
  stop(): Promise<void>;
}

/** Starts workerd with the module `worker.js` of a folder, on a port that the system chooses. */
export async function startWorker(workerd: string, folder: string): Promise<RunningWorker> {
  await writeFile(join(folder, 'worker.capnp'), CONFIG);
  // workerd reports its port on its control file, descriptor 3.
  const child = spawn(workerd, ['serve', 'worker.capnp', '--control-fd=3'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stderr?.on('data', (text) => (output += String(text)));
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  for await (const line of createInterface(child.stdio[3] as Readable)) {
    const event = JSON.parse(line) as { event: string; port?: number };
    if (event.event === 'listen' && event.port !== undefined) return { baseUrl: `http://127.0.0.1:${event.port}`, stop };
  }
  await stop();
  throw new Error(`workerd ended before it listened: ${output.slice(0, 500)}`);
}
