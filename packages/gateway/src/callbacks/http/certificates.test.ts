/** The errors for a shop's faulty certificate. A child process trusts the test's authority and meets real certificates. */
import { execFile } from 'node:child_process';
import { createServer, type ServerOptions } from 'node:https';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';

const run = promisify(execFile);
const SENDING = fileURLToPath(new URL('../../../test/support/processes/send-callbacks.ts', import.meta.url));
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

interface Leaf {
  readonly by?: 'trusted' | 'unknown' | 'between';
  readonly name?: string;
  /** Begin and end of its validity, in the format of `openssl ca`. */
  readonly from?: string;
  readonly to?: string;
  readonly server?: ServerOptions;
}

const LEAVES: readonly (readonly [leaf: Leaf, error: string | null])[] = [
  [{}, null],
  [{ from: '20200101000000Z', to: '20210101000000Z' }, 'TLS: the certificate has expired (CERT_HAS_EXPIRED)'],
  [{ from: '20900101000000Z', to: '20910101000000Z' }, 'TLS: the certificate is not valid yet (CERT_NOT_YET_VALID)'],
  [{ name: 'DNS:other.example' }, 'TLS: the certificate is for another name (ERR_TLS_CERT_ALTNAME_INVALID)'],
  [{ by: 'unknown' }, 'TLS: the certificate is from an unknown authority (SELF_SIGNED_CERT_IN_CHAIN)'],
  [{ by: 'between' }, 'TLS: the intermediate certificates are missing (UNABLE_TO_VERIFY_LEAF_SIGNATURE)'],
  [{ server: { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' } }, 'TLS: the handshake failed'],
];

it('a failed attempt names what is wrong with the certificate or the protocol version', async () => {
  const folder = await temporaryFolder();
  const servers: ReturnType<typeof createServer>[] = [];
  try {
    for (const authority of ['trusted', 'unknown', 'between'] as const) await makeAuthority(folder, authority);
    const urls: string[] = [];
    for (const [n, [leaf]] of LEAVES.entries()) {
      const cert = await makeLeaf(folder, `leaf${n}`, leaf);
      const key = await readFile(join(folder, `leaf${n}.key`));
      const server = createServer({ cert, key, ...leaf.server }, (_, response) => response.end());
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      servers.push(server);
      urls.push(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    }
    const words = ['--conditions=webpos-source', '--import', import.meta.resolve('tsx'), SENDING, ...urls];
    const env = { ...process.env, NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: join(folder, 'trusted/ca.pem') };
    const errors = JSON.parse((await run(process.execPath, words, { env })).stdout) as (string | null)[];
    const expected = LEAVES.map(([, error]) => (error?.endsWith('failed') ? expect.stringContaining(error) : error) as unknown);
    expect(errors).toEqual(expected);
  } finally {
    for (const server of servers) server.close().closeAllConnections();
  }
}, 240_000);

async function makeAuthority(folder: string, name: string): Promise<void> {
  const own = join(folder, name);
  await mkdir(own);
  const files = ['-keyout', join(own, 'ca.key'), '-out', join(own, 'ca.pem')];
  // The intermediate authority is not trusted and its certificate is not sent, so it may as well be self-signed.
  await run('openssl', ['req', '-x509', ...KEY, ...files, '-subj', `/CN=${name}`, '-days', '30']);
  await writeFile(join(own, 'index.txt'), '');
  await writeFile(
    join(own, 'ca.cnf'),
    [
      '[ca]\ndefault_ca=here\n[here]',
      `dir=${own}\ndatabase=$dir/index.txt\nnew_certs_dir=$dir\nrand_serial=yes\nunique_subject=no`,
      'certificate=$dir/ca.pem\nprivate_key=$dir/ca.key\ndefault_md=sha256\ndefault_days=30\npolicy=any\ncopy_extensions=copy',
      '[any]\ncommonName=supplied\n',
    ].join('\n'),
  );
}

/** Creates a certificate and returns what its server sends: an unknown authority's certificate is included. */
async function makeLeaf(
  folder: string,
  file: string,
  { by = 'trusted', name = 'IP:127.0.0.1', from, to }: Leaf,
): Promise<string> {
  const [request, cert] = [join(folder, `${file}.csr`), join(folder, `${file}.pem`)];
  const files = ['-keyout', join(folder, `${file}.key`), '-out', request];
  await run('openssl', ['req', '-new', ...KEY, ...files, '-subj', '/CN=shop', '-addext', `subjectAltName=${name}`]);
  const times = from === undefined || to === undefined ? [] : ['-startdate', from, '-enddate', to];
  const config = ['-config', join(folder, by, 'ca.cnf'), '-batch', '-notext'];
  await run('openssl', ['ca', ...config, ...times, '-in', request, '-out', cert]);
  const chain = by === 'unknown' ? await readFile(join(folder, by, 'ca.pem'), 'utf8') : '';
  return (await readFile(cert, 'utf8')) + chain;
}
