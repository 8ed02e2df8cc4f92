/** What the doctor finds about the connections from and to the outside, with real gateways on this machine. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePorts } from '../../../test/support/free-ports.ts';
import type { Finding } from '../src/services/operator/finding.ts';
import { startFakeNode } from './support/fake-node.ts';
import { makeCertificate } from './support/make-certificate.ts';
import { runWebpos } from './support/run-webpos.ts';
import { serveGateway, type ServedGateway } from './support/served-gateway.ts';
import { testKey } from './support/test-gateway.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

let folder: string;
let gateway: ServedGateway | undefined;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await gateway?.kill('SIGKILL');
  gateway = undefined;
});

async function found(what: string, settings: Readonly<Record<string, string>>): Promise<Finding | undefined> {
  const { out } = await runWebpos(folder, ['doctor', '--json'], settings);
  const { findings } = JSON.parse(out) as { findings: Finding[] };
  return findings.find((finding) => finding.what === what);
}

it('webpos doctor tells whether this gateway, another one or none answers at the public URL', async () => {
  const port = String((await freePorts(1))[0]);
  const settings = { WEBPOS_PORT: port, WEBPOS_PUBLIC_URL: `http://127.0.0.1:${port}` };
  expect(await found('public URL', settings)).toMatchObject({
    level: 'warning',
    says: expect.stringContaining('cannot be reached from here (ECONNREFUSED') as string,
  });
  gateway = await serveGateway(folder, settings);
  expect(await found('public URL', settings)).toMatchObject({
    level: 'ok',
    says: `http://127.0.0.1:${port} is answered by this gateway`,
  });
  const other = { ...settings, WEBPOS_DATABASE_URL: `sqlite:${join(folder, 'b.db')}`, WEBPOS_KEY_FILE: join(folder, 'b.key') };
  const { status } = await runWebpos(folder, ['serve'], { ...other, WEBPOS_PORT: '0' });
  expect(status).toBe(0);
  expect(await found('public URL', other)).toMatchObject({
    level: 'problem',
    says: expect.stringContaining('another gateway') as string,
  });
}, 180_000);

it('webpos doctor reports that notifications of the node do not arrive', async () => {
  await using node = await startFakeNode();
  const settings = { WEBPOS_CHAIN: 'bitcoind', WEBPOS_BITCOIND_URL: node.url };
  expect(await found('notifications', settings)).toBeUndefined();
  const nobody = `tcp://127.0.0.1:${(await freePorts(1)).join()}`;
  expect(await found('notifications', { ...settings, WEBPOS_BITCOIND_ZMQ_SEQUENCE: nobody })).toMatchObject({
    level: 'warning',
    says: expect.stringMatching(/WEBPOS_BITCOIND_ZMQ_SEQUENCE: .*ECONNREFUSED.*The gateway polls the node instead/) as string,
  });
  // The port of the node's RPC, an easy mistake.
  const rpc = `tcp://${new URL(node.url).host}`;
  expect(await found('notifications', { ...settings, WEBPOS_BITCOIND_ZMQ_SEQUENCE: rpc })).toMatchObject({
    level: 'warning',
    says: expect.stringContaining('WEBPOS_BITCOIND_ZMQ_SEQUENCE: ') as string,
  });
}, 180_000);

it('webpos doctor reports a certificate that shops will not trust', async () => {
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'cert.key') };
  await makeCertificate(files, '127.0.0.1');
  const port = String((await freePorts(1))[0]);
  const settings = {
    WEBPOS_PORT: port,
    WEBPOS_PUBLIC_URL: `https://127.0.0.1:${port}`,
    WEBPOS_TLS_CERT_FILE: files.certFile,
    WEBPOS_TLS_KEY_FILE: files.keyFile,
  };
  gateway = await serveGateway(folder, settings);
  expect(await found('public URL', settings)).toMatchObject({
    level: 'problem',
    says: expect.stringContaining('do not trust its certificate (DEPTH_ZERO_SELF_SIGNED_CERT') as string,
  });
}, 180_000);

it('webpos doctor warns of fixed rates in live mode only', async () => {
  const made = await runWebpos(folder, ['account', 'create', '--name', 'Wallet', '--xpub', testKey(5)]);
  expect(made.status).toBe(0);
  const live = {
    WEBPOS_MODE: 'live',
    WEBPOS_NETWORK: 'regtest',
    WEBPOS_BITCOIND_URL: 'http://127.0.0.1:9',
    WEBPOS_PUBLIC_URL: 'https://127.0.0.1:9',
    WEBPOS_RATES: 'fixed:EUR=60000',
  };
  expect(await found('fixed rates', live)).toMatchObject({ level: 'warning' });
  expect(await found('fixed rates', {})).toBeUndefined();
}, 60_000);
