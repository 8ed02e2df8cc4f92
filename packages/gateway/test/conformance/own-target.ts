/** This gateway as a target, with full control over its environment. */
import { hex } from '@scure/base';
import { Address, OutScript } from '@scure/btc-signer/payment.js';
import { epochMs } from '../../src/kernel/clock.ts';
import type { ScriptHex, Txid } from '../../src/kernel/chain.ts';
import { sats } from '../../src/kernel/sats.ts';
import { issueAccessToken, type TokenOwner } from '../../src/security/access-token.ts';
import { ADDRESS_FORMATS } from '../../src/wallet/script/address-format.ts';
import { startFakeNode } from '../support/fake-node.ts';
import { openTestGateway, type Shop, type TestGateway } from '../support/test-gateway.ts';
import { openDeliveryLog } from './delivery-log.ts';
import type { ChainControl, ConformanceTarget, ShopCredentials } from './target.ts';

/** Blocks are mined only on request. */
const NO_BLOCKS = { WEBPOS_SANDBOX_BLOCK_INTERVAL_S: '3600' };
const HOURS_MS = 7_200_000;
const TICK_MS = 5;

export interface OwnTarget extends AsyncDisposable {
  readonly target: ConformanceTarget;
}

export async function openOwnTarget(): Promise<OwnTarget> {
  const receiver = await openDeliveryLog();
  const test = await openTestGateway({ ...NO_BLOCKS, WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true' });
  const node = await startFakeNode();
  const live = await openTestGateway({
    WEBPOS_MODE: 'live',
    WEBPOS_NETWORK: 'regtest',
    WEBPOS_PUBLIC_URL: 'https://pay.example.com',
    WEBPOS_BITCOIND_URL: node.url,
    WEBPOS_RATES: 'fixed:EUR=60000',
  });
  const limited = await openTestGateway({ ...NO_BLOCKS, WEBPOS_RATE_LIMIT_CLIENT: '1' });
  // Time passes, so that orders have different ages.
  const ticking = setInterval(() => test.clock.advance(TICK_MS), TICK_MS);
  // The name is in every body, so its characters must be escaped everywhere.
  const shop = await test.newPos({ name: `Rosa's "Bar" <3 \\o/` });
  const { context } = test.gateway;
  return {
    target: {
      baseUrl: test.gateway.url,
      shop: credentials(shop),
      other: credentials(await test.newPos()),
      receiver,
      control: {
        expiredToken: async () =>
          issueAccessToken(ownerOf(shop.token), epochMs(test.clock.now() - HOURS_MS), context.keys.accessToken),
        withoutRate: credentials(await test.newPos({ currency: 'SEK' })),
        live: { baseUrl: live.gateway.url, shop: credentials(await live.newPos()) },
        limited: { baseUrl: limited.gateway.url, shop: credentials(await limited.newPos()) },
        whileStoreIsDown: (during) =>
          replaced(context.store, 'transaction', Object.assign(new Error('down'), { code: 'ECONNREFUSED' }), during),
        whileBroken: (during) => replaced(context.store.orders, 'list', new TypeError('a planted mistake'), during),
        chain: chainOf(test),
      },
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(ticking);
      for (const part of [test, live, limited, node, receiver]) await part[Symbol.asyncDispose]();
    },
  };
}

function credentials({ pos, secret }: Shop): ShopCredentials {
  return { clientId: pos.clientId, secret };
}

function ownerOf(token: string): TokenOwner {
  const { pos, gen } = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { pos: never; gen: number };
  return { posId: pos, generation: gen };
}

function chainOf({ gateway }: TestGateway): ChainControl {
  const { sandbox, context } = gateway;
  if (sandbox === undefined) throw new Error('the gateway has no sandbox chain');
  const scriptOf = (address: string): ScriptHex =>
    hex.encode(OutScript.encode(Address(ADDRESS_FORMATS[context.network]).decode(address))) as ScriptHex;
  return {
    doubleSpend: (txids) => sandbox.doubleSpend(txids as readonly Txid[]),
    pay: async (address, satoshi) => sandbox.pay(scriptOf(address), sats(BigInt(satoshi))),
    mine: async (first = []) => void (await sandbox.mine({ first: first as readonly Txid[] })),
    unconfirm: async (txids, depth) =>
      void (await sandbox.reorganize({ depth, held: txids as readonly Txid[], others: 'mined' })),
  };
}

/** Makes a method fail while something is done. */
async function replaced<T, O extends object>(owner: O, name: keyof O, error: Error, during: () => Promise<T>): Promise<T> {
  const before = owner[name];
  Object.assign(owner, { [name]: () => Promise.reject(error) });
  try {
    return await during();
  } finally {
    Object.assign(owner, { [name]: before });
  }
}
