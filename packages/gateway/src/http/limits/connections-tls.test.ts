import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { expect, it, onTestFinished, vi } from 'vitest';
import { makeCertificate } from '../../../test/support/make-certificate.ts';
import { openTestGateway } from '../../../test/support/test-gateway.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';

it('https connections are counted, used, closed and forgotten like others', async () => {
  const folder = await temporaryFolder();
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  await makeCertificate(files, 'localhost');
  await using test = await openTestGateway({
    WEBPOS_TLS_CERT_FILE: files.certFile,
    WEBPOS_TLS_KEY_FILE: files.keyFile,
    WEBPOS_MAX_CONNECTIONS: '2',
    WEBPOS_MAX_CONNECTIONS_PER_ADDRESS: '2',
    WEBPOS_MAX_CONNECTIONS_PER_NETWORK: '2',
  });
  const open = async (): Promise<{ socket: TLSSocket; received(): string; isClosed(): boolean }> => {
    const { hostname, port } = new URL(test.gateway.url);
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
    let [text, secure, closed] = ['', false, false];
    socket.setEncoding('utf8').on('data', (more: string) => (text += more));
    socket.on('secureConnect', () => (secure = true)).on('close', () => (closed = true));
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    await vi.waitFor(() => expect(secure || closed).toBe(true), { timeout: 60_000 });
    return { socket, received: () => text, isClosed: () => closed };
  };
  const isAnswered = async (): Promise<boolean> => {
    const client = await open();
    client.socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await vi.waitFor(() => expect(client.isClosed() || client.received() !== '').toBe(true), { timeout: 60_000 });
    return client.received().startsWith('HTTP/1.1 200');
  };
  const sending = await open();
  sending.socket.write('POST /token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
  // The active one stays; each of the others makes room for the next.
  for (let n = 0; n < 4; n += 1) expect(await isAnswered()).toBe(true);
  expect(sending.isClosed()).toBe(false);
  const second = await open();
  second.socket.write('POST /token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
  await vi.waitFor(async () => expect(await isAnswered()).toBe(false), { timeout: 60_000 });
  // A client that disconnects is forgotten.
  sending.socket.destroy();
  await vi.waitFor(async () => expect(await isAnswered()).toBe(true), { timeout: 60_000 });
});
