/**
 * A whole gateway in this process: sandbox mode, a port and a database of its own, a clock that the test controls, and a log that the test
 * reads.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HDKey } from '@scure/bip32';
import type { Gateway, GatewayParts } from '../../src/app/gateway.ts';
import { startGateway } from '../../src/app/start-gateway.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { createLog } from '../../src/ops/log.ts';
import type { Account } from '../../src/merchants/account.ts';
import { parseCurrency } from '../../src/orders/currency.ts';
import type { Pos, PosDefaults } from '../../src/merchants/pos.ts';
import type { LookChange } from '../../src/services/merchants/change-look.ts';
import { createAccount } from '../../src/services/merchants/create-account.ts';
import { createPos } from '../../src/services/merchants/create-pos.ts';
import { gatewayFiles } from '../../../../test/support/gateway-files.ts';
import { panelAnswers } from './panel-answers.ts';
import { testClock, type TestClock } from './test-clock.ts';

const SETTINGS = {
  WEBPOS_PORT: '0',
  // Failed requests are not limited.
  WEBPOS_RATE_LIMIT_FAILURES: '0',
  // No address pool, unless a test is about it: it uses a thread of its own.
  WEBPOS_ADDRESS_POOL_SIZE: '0',
};
const START: number = Date.UTC(2026, 10, 23, 18, 0, 0, 7);

export interface TestGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly clock: TestClock;
  /** All logged lines of all levels. */
  readonly logLines: readonly string[];
  newAccount(): Promise<Account>;
  /** Creates a POS, by default in euro and with an account of its own. */
  newPos(options?: {
    account?: Account;
    currency?: string;
    name?: string;
    defaults?: Partial<PosDefaults>;
    look?: LookChange;
  }): Promise<Shop>;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
}

/** A POS with the credentials of its shop. */
export interface Shop {
  readonly pos: Pos;
  readonly account: Account;
  readonly secret: string;
  readonly token: string;
}

export interface CallOptions {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent unchanged, anything else as JSON. */
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined if it is not JSON. */
  readonly body: unknown;
}

export async function openTestGateway(
  settings: Readonly<Record<string, string>> = {},
  parts: Pick<GatewayParts, 'getText'> = {},
): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-api-'));
  const clock = testClock(START);
  const logLines: string[] = [];
  const config = readConfig({ ...gatewayFiles(folder), ...SETTINGS, ...settings });
  const log = createLog('trace', { write: (line) => void logLines.push(line) });
  const gateway = await startGateway(config, { ...parts, clock, log });
  const { context } = gateway;
  const make = { store: context.store, clock, newUuid: randomUUID, network: context.network, keys: context.keys };
  let accounts = 0;

  const newAccount: TestGateway['newAccount'] = async () => {
    const { account } = await createAccount(make, { name: 'Wallet', wallet: { xpub: testKey(accounts++) } });
    // Orders of an account are refused until the chain has been read with its addresses.
    await gateway.caughtUp(AbortSignal.timeout(60_000));
    return account;
  };
  const described = panelAnswers(() => callAt(gateway.url, 'GET', '/panel/api/openapi.json'));
  const call: TestGateway['call'] = async (method, path, options) => {
    const answer = await callAt(gateway.url, method, path, options);
    await described.check(method, path, answer);
    return answer;
  };

  return {
    gateway,
    clock,
    logLines,
    newAccount,
    call,
    newPos: async ({ account: given, currency = 'EUR', name = 'Corner shop', defaults = {}, look = {} } = {}) => {
      const account = given ?? (await newAccount());
      const { pos, secret } = await createPos(make, {
        name,
        type: 'web',
        accountId: account.id,
        currency: parseCurrency(currency),
        defaults: { callbackUrl: null, continueUrl: null, cancelUrl: null, requiredConfirmations: 1, ...defaults },
        look,
      });
      const login = await call('POST', '/token', {
        headers: { authorization: basic(pos.clientId, secret) },
        body: { grant_type: 'client_credentials', scope: '*' },
      });
      return { pos, account, secret, token: (login.body as { access_token: string }).access_token };
    },
    [Symbol.asyncDispose]: async () => {
      await gateway.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Returns the account key of a throw-away test network wallet, another for each number. */
export function testKey(number: number): string {
  const seed = new Uint8Array(32).fill(1);
  new DataView(seed.buffer).setUint32(0, number);
  const testnet = { private: 0x04358394, public: 0x043587cf };
  return HDKey.fromMasterSeed(seed, testnet).derive("m/84'/1'/0'").publicExtendedKey;
}

export function basic(clientId: string, secret: string): string {
  return `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
}

async function callAt(base: string, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const { token, body } = options;
  const answer = await fetch(base + path, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(60_000),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: asJson(text) };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
