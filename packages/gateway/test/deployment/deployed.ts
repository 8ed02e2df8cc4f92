/** Gateways as an operator runs several: processes on one PostgreSQL and one node, each with a port and a marks file of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePorts } from '../../../../test/support/free-ports.ts';
import { freshSchema } from '../../../../test/support/postgres.ts';
import { startRegtestNode } from '../../../../test/support/regtest-node.ts';
import { GatewayProcess } from '../cluster/gateway-process.ts';
import { makeShops, type ShopAccess } from '../kill/make-shops.ts';
import { bundlePrograms } from '../support/bundle-programs.ts';

export interface Deployed extends AsyncDisposable {
  readonly gateways: readonly GatewayProcess[];
  readonly shop: ShopAccess;
  query<Row extends pg.QueryResultRow>(statement: string): Promise<Row[]>;
}

/** Names the sessions of the gateways. */
export const APPLICATION = 'deployed';

export async function deploy(count: number, bitcoind: string, postgres: string): Promise<Deployed> {
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closing.toReversed()) await step();
  };
  try {
    return await open(count, { bitcoind, postgres }, closing, close);
  } catch (error) {
    await close();
    throw error;
  }
}

interface Needed {
  readonly bitcoind: string;
  readonly postgres: string;
}

async function open(
  count: number,
  { bitcoind, postgres }: Needed,
  closing: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<Deployed> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-deployed-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const bundle = await bundlePrograms('deployed', {
    main: new URL('../../src/main.ts', import.meta.url),
    'shifted-clock': new URL('../cluster/shifted-clock.ts', import.meta.url),
  });
  closing.push(async () => bundle[Symbol.asyncDispose]());
  const node = await startRegtestNode({ bitcoind, wallet: true });
  closing.push(() => node.stop());
  const schema = await freshSchema(postgres);
  closing.push(async () => schema[Symbol.asyncDispose]());
  const databaseUrl = `${postgres}?application_name=${APPLICATION}&options=-c%20search_path%3D${schema.name}`;
  const keyFile = join(folder, 'webpos.key');
  const [shop] = await makeShops(databaseUrl, keyFile, [9]);
  if (shop === undefined) throw new Error('no shop was made');
  const gateways = (await freePorts(count)).map(
    (port, nth) =>
      new GatewayProcess({
        name: `gw${nth}`,
        programs: bundle.folder,
        port,
        environment: {
          WEBPOS_DATABASE_URL: databaseUrl,
          WEBPOS_KEY_FILE: keyFile,
          WEBPOS_MARKS_FILE: join(folder, `${nth}.marks`),
          WEBPOS_PUBLIC_URL: 'https://pay.example',
          WEBPOS_RATES: 'fixed:EUR=10000',
          WEBPOS_CHAIN: 'bitcoind',
          WEBPOS_BITCOIND_URL: node.url,
          WEBPOS_BITCOIND_COOKIE_FILE: node.cookieFile,
          WEBPOS_RATE_LIMIT_CLIENT: '0',
          WEBPOS_RATE_LIMIT_FAILURES: '0',
          WEBPOS_TRUST_PROXY: '127.0.0.1',
          WEBPOS_STOP_DELAY_S: '2',
        },
        lines: { database: [], node: [] },
      }),
  );
  closing.push(async () => {
    await Promise.all(gateways.map((gateway) => gateway.kill()));
  });
  return {
    gateways,
    shop,
    query: async <Row extends pg.QueryResultRow>(statement: string) => {
      const client = new pg.Client({ connectionString: `${postgres}?options=-c%20search_path%3D${schema.name}` });
      await client.connect();
      try {
        return (await client.query<Row>(statement)).rows;
      } finally {
        await client.end();
      }
    },
    [Symbol.asyncDispose]: close,
  };
}
