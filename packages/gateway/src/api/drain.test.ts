import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeCertificate } from '../../test/support/make-certificate.ts';
import { openTestGateway } from '../../test/support/test-gateway.ts';

let folder: string;
let tls: Record<string, string>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-drain-'));
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  await makeCertificate(files, 'drain.example');
  tls = { WEBPOS_TLS_CERT_FILE: files.certFile, WEBPOS_TLS_KEY_FILE: files.keyFile };
});
afterEach(() => rm(folder, { recursive: true }));

describe('a gateway that stops under load', () => {
  it.each([
    ['http', false],
    ['https', true],
  ])('answers every request that it has accepted over %s, and accepts no more', async (_protocol, secure) => {
    const test = await openTestGateway(secure ? tls : {});
    const counts = { begun: 0, answered: 0, lastOnes: 0, refused: 0 };
    const dropped: unknown[] = [];
    const worker = async (): Promise<void> => {
      const ask = asker(test.gateway.url);
      for (let first = true; ; first = false) {
        try {
          const { status, connection } = await ask('/payment-order');
          expect(status).toBe(401);
          counts.answered += 1;
          if (first) counts.begun += 1;
          if (connection === 'close') counts.lastOnes += 1;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') counts.refused += 1;
          else dropped.push(error);
          return;
        }
      }
    };
    const workers = Array.from({ length: 20 }, worker);
    // A connection in the system's queue has not been accepted.
    await vi.waitFor(() => expect(counts.begun).toBe(20), { timeout: 60_000 });
    await sleep(100);
    await test[Symbol.asyncDispose]();
    await Promise.all(workers);
    expect(dropped).toEqual([]);
    expect(counts.refused).toBe(20);
    expect(counts.lastOnes).toBeGreaterThanOrEqual(1);
    expect(counts.answered).toBeGreaterThan(20);
  });

  it('waits for a request that is still arriving, and for one on an idle connection', async () => {
    const test = await openTestGateway();
    const port = Number(new URL(test.gateway.url).port);
    const [slow, idle] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    await Promise.all([once(slow, 'connect'), once(idle, 'connect')]);
    slow.write('POST /token HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{');
    idle.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(idle, 'data');
    const stopped = test[Symbol.asyncDispose]();
    await sleep(300);
    const answers = Promise.all([once(slow, 'data'), once(idle, 'data')]);
    idle.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
    slow.write('}');
    const [[first], [second]] = (await answers) as [[Buffer], [Buffer]];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 401 .*connection: close/is);
    expect(second.toString()).toMatch(/^HTTP\/1\.1 200 .*connection: close/is);
    await stopped;
  });
});

/** A client with one open connection. A connection in the system's queue has not been accepted. */
function asker(base: string): (path: string) => Promise<{ status: number | undefined; connection: string | undefined }> {
  const secure = base.startsWith('https:');
  const agent = secure
    ? new HttpsAgent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false })
    : new HttpAgent({ keepAlive: true, maxSockets: 1 });
  const send = secure ? httpsRequest : httpRequest;
  return (path) =>
    new Promise((resolve, reject) => {
      const request = send(base + path, { agent }, (response) => {
        response.resume();
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode, connection: response.headers.connection }));
      });
      request.on('error', reject);
      request.end();
    });
}
