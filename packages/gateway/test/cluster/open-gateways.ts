/** The gateways of a run, each with lines of its own to PostgreSQL and to the node. */
import { join } from 'node:path';
import { freePorts } from '../../../../test/support/free-ports.ts';
import { startPgBouncer, type PgBouncer } from '../../../../test/support/pgbouncer.ts';
import type { RegtestNode } from '../../../../test/support/regtest-node.ts';
import type { Programs } from './programs.ts';
import type { DatabasePair } from './database-pair.ts';
import { GatewayProcess } from './gateway-process.ts';
import { Line } from './line.ts';

/** The gateway that reaches PostgreSQL through PgBouncer. */
const POOLED = 1;

export interface GatewaysOptions {
  readonly programs: Programs;
  readonly folder: string;
  readonly keyFile: string;
  readonly database: DatabasePair;
  readonly node: RegtestNode;
  readonly count: number;
  readonly environment: Readonly<Record<string, string>> | undefined;
  readonly isPooled: boolean;
}

export interface OpenedGateways {
  readonly gateways: readonly GatewayProcess[];
  close(): Promise<void>;
}

export async function openGateways(options: GatewaysOptions): Promise<OpenedGateways> {
  const { programs, folder, database, count } = options;
  const isPooled = (nth: number): boolean => options.isPooled && nth === POOLED;
  const poolers: PgBouncer[] = [];
  if (options.isPooled && count > POOLED)
    for (const { url } of database.servers) poolers.push(await startPgBouncer(programs.pgbouncer, url, 'public'));
  const ports = await freePorts(count);
  const gateways: GatewayProcess[] = [];
  const lines: Line[] = [];
  for (const [nth, port] of ports.entries()) {
    const name = `gw${nth}`;
    const direct = await linesTo(database.servers);
    const pooled = isPooled(nth) ? await linesTo(poolers.map(({ url }) => ({ port: portOf(url) }))) : [];
    const toNode = await linesTo([options.node.url, options.node.zmqSequence ?? ''].map((url) => ({ port: portOf(url) })));
    lines.push(...direct, ...pooled, ...toNode);
    const environment = {
      ...settings(options),
      ...nodeSettings(toNode, options.node),
      ...(pooled.length === 0
        ? { WEBPOS_DATABASE_URL: databaseUrl(name, direct) }
        : { WEBPOS_DATABASE_URL: databaseUrl(name, pooled, 'pooled'), WEBPOS_DATABASE_DIRECT_URL: databaseUrl(name, direct) }),
      WEBPOS_MARKS_FILE: join(folder, `${name}.marks`),
    };
    const own = { database: [...direct, ...pooled], node: toNode };
    gateways.push(new GatewayProcess({ name, programs: programs.bundle, port, environment, lines: own }));
  }
  const close = async (): Promise<void> => {
    await Promise.all(gateways.map((gateway) => gateway.kill()));
    for (const line of lines) await line[Symbol.asyncDispose]();
    for (const pooler of poolers) await pooler[Symbol.asyncDispose]();
  };
  return { gateways, close };
}

function linesTo(servers: readonly { readonly port: number }[]): Promise<Line[]> {
  return Promise.all(servers.map(({ port }) => Line.open(port)));
}

/** Names both servers, and the process, by which the log of terms knows it. */
function databaseUrl(name: string, lines: readonly Line[], database = 'postgres'): string {
  const hosts = lines.map(({ port }) => `127.0.0.1:${port}`).join(',');
  return `postgres://postgres@${hosts}/${database}?target_session_attrs=read-write&application_name=${name}`;
}

function nodeSettings([rpc, zmq]: readonly Line[], { cookieFile }: RegtestNode): Record<string, string> {
  return {
    WEBPOS_CHAIN: 'bitcoind',
    WEBPOS_BITCOIND_URL: `http://127.0.0.1:${rpc?.port}`,
    WEBPOS_BITCOIND_ZMQ_SEQUENCE: `tcp://127.0.0.1:${zmq?.port}`,
    WEBPOS_BITCOIND_COOKIE_FILE: cookieFile,
  };
}

function settings({ keyFile, environment }: GatewaysOptions): Record<string, string> {
  return {
    WEBPOS_KEY_FILE: keyFile,
    WEBPOS_PUBLIC_URL: 'https://pay.example',
    WEBPOS_RATES: 'fixed:EUR=10000',
    WEBPOS_LOG_LEVEL: 'info',
    WEBPOS_FINAL_DEPTH: '12',
    WEBPOS_ADDRESS_POOL_SIZE: '100',
    WEBPOS_RATE_LIMIT_CLIENT: '0',
    WEBPOS_RATE_LIMIT_FAILURES: '0',
    WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true',
    ...environment,
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
