import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeCertificate, type CertificatePaths } from '../../test/support/make-certificate.ts';
import { openTestGateway } from '../../test/support/test-gateway.ts';
import { epochMs } from '../kernel/clock.ts';
import { checkPair, readPair, type Certificate } from './certificate.ts';
import { CertificateWatch } from './certificate-watch.ts';
import { DAY_MS } from '../kernel/durations.ts';

let folder: string;
let files: CertificatePaths;
let next: CertificatePaths;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-tls-'));
  files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  next = { certFile: join(folder, 'next-cert.pem'), keyFile: join(folder, 'next-key.pem') };
  await makeCertificate(files, 'first.example');
  await makeCertificate(next, 'second.example');
});
afterEach(() => rm(folder, { recursive: true }));

async function watched(
  now = Date.now(),
): Promise<{ watch: CertificateWatch; used: Certificate[]; lines: string[]; turn(ms: number): void }> {
  const used: Certificate[] = [];
  const lines: string[] = [];
  let time = now;
  const write = (level: string) => (fields: Record<string, unknown>, message: string) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const watch = new CertificateWatch({
    files,
    first: checkPair(await readPair(files)),
    use: (certificate) => void used.push(certificate),
    clock: { now: () => epochMs(time) },
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    intervalMs: 20,
  });
  watch.start();
  return { watch, used, lines, turn: (ms) => void (time += ms) };
}

/** Replaces a file atomically, so that a reader gets the old text or the new one. */
async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

describe('the certificate watch', () => {
  it('loads a new pair once, and knows when it expires', async () => {
    const { watch, used, lines } = await watched();
    const before = watch.endsAt;
    await makeCertificate(next, 'second.example', 60);
    await copyFile(next.keyFile, files.keyFile);
    await copyFile(next.certFile, files.certFile);
    await vi.waitFor(() => expect(used).toHaveLength(1), { timeout: 60_000 });
    expect(used[0]!.cert).toBe(await readFile(next.certFile, 'utf8'));
    expect(watch.endsAt).toBeLessThan(before);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await watch.stop();
    expect(used).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('info'))).toHaveLength(1);
  });

  it.each([
    ['does not belong to its key', async () => replace(files.certFile, await readFile(next.certFile, 'utf8'))],
    ['is incomplete', async () => replace(files.certFile, (await readFile(next.certFile, 'utf8')).slice(0, 300))],
    ['is missing', () => rm(files.certFile)],
    ['is empty', () => replace(files.keyFile, '')],
  ])(
    'keeps the old certificate while the new one %s, reports it once with the setting, and loads it once it is complete',
    async (_what, spoil) => {
      const { watch, used, lines } = await watched();
      await spoil();
      await vi.waitFor(() => expect(lines.join()).toContain('WEBPOS_TLS_'), { timeout: 60_000 });
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(used).toEqual([]);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/^error certificate: the new one is unusable; the old one stays in use/);
      expect(lines[0]).not.toContain('PRIVATE KEY');
      await copyFile(next.certFile, files.certFile);
      await copyFile(next.keyFile, files.keyFile);
      await vi.waitFor(() => expect(used).toHaveLength(1), { timeout: 60_000 });
      await watch.stop();
    },
  );

  it('warns once a day from 14 days before expiry, and reports the expiry', async () => {
    const { watch, lines, turn } = await watched(Date.now() + 75 * DAY_MS);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(lines).toEqual([]);
    turn(1.5 * DAY_MS);
    await vi.waitFor(() => expect(lines).toEqual([expect.stringMatching(/^warn certificate: expires in less than 14 days/)]));
    turn(0.9 * DAY_MS);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(lines).toHaveLength(1);
    turn(0.2 * DAY_MS);
    await vi.waitFor(() => expect(lines).toHaveLength(2));
    turn(30 * DAY_MS);
    await vi.waitFor(() => expect(lines.at(-1)).toMatch(/^error certificate: expired/));
    await watch.stop();
  });
});

describe('a gateway that serves HTTPS itself', () => {
  it('uses a new certificate without a restart, refuses TLS below 1.2, and reports the expiry as a metric', async () => {
    await using test = await openTestGateway({
      WEBPOS_TLS_CERT_FILE: files.certFile,
      WEBPOS_TLS_KEY_FILE: files.keyFile,
      WEBPOS_OPS_PORT: '0',
    });
    const port = Number(new URL(test.gateway.url).port);
    expect(test.gateway.url).toMatch(/^https:/);
    const old = await shakeHands(port);
    expect([old.name, old.protocol]).toEqual(['first.example', 'TLSv1.3']);
    await copyFile(next.keyFile, files.keyFile);
    await copyFile(next.certFile, files.certFile);
    test.gateway.reload();
    await vi.waitFor(async () => expect((await shakeHands(port)).name).toBe('second.example'), { timeout: 60_000 });
    expect((await shakeHands(port, 'TLSv1.2')).protocol).toBe('TLSv1.2');
    await expect(shakeHands(port, 'TLSv1.1')).rejects.toThrow(/protocol|alert/i);

    const metrics = await (await fetch(`${test.gateway.opsUrl}/metrics`)).text();
    const [, endsAtS] = /^webpos_tls_certificate_expiry_timestamp_seconds (\S+)$/m.exec(metrics)!;
    expect(Number(endsAtS) * 1000 - Date.now()).toBeGreaterThan(89 * DAY_MS);
  });
});

function shakeHands(port: number, version?: 'TLSv1.1' | 'TLSv1.2'): Promise<{ name: unknown; protocol: string | null }> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      {
        port,
        host: '127.0.0.1',
        rejectUnauthorized: false,
        // Current clients offer TLS below 1.2 only at a lower security level.
        ...(version === undefined ? {} : { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' }),
      },
      () => {
        resolve({ name: socket.getPeerCertificate().subject.CN, protocol: socket.getProtocol() });
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });
}
