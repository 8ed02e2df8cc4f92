import { randomUUID } from 'node:crypto';
import { HDKey } from '@scure/bip32';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openTestGateway, testKey, type TestGateway } from '../../../test/support/test-gateway.ts';
import type { Account } from '../../merchants/account.ts';
import type { AccountInput } from '../../wallet/descriptor/parse-account.ts';
import { createAccount, type CreatedAccount } from './create-account.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await openTestGateway();
});
afterAll(() => test[Symbol.asyncDispose]());

function create(wallet: AccountInput): Promise<CreatedAccount> {
  const { store, clock, network, keys } = test.gateway.context;
  return createAccount({ store, clock, network, keys, newUuid: randomUUID }, { name: 'Wallet', wallet });
}

describe('a new account', () => {
  const [a, b] = [testKey(101), testKey(102)];
  const [upub, tpub] = [0x044a5262, 0x043587cf].map(
    (version) =>
      HDKey.fromMasterSeed(new Uint8Array(32).fill(9), { private: 0, public: version }).derive("m/49'/1'/0'").publicExtendedKey,
  ) as [string, string];

  it.each<[string, AccountInput, AccountInput]>([
    ['the same key in a descriptor', { xpub: a }, { descriptor: `wpkh([d34db33f/84h/1h/0h]${a}/<0;1>/*)` }],
    ['the same signers in another order', multisig(a, b), multisig(b, a)],
    ['a upub and its descriptor', { xpub: upub }, { descriptor: `sh(wpkh(${tpub}/0/*))` }],
  ])('with the same addresses as another is refused: %s', async (_, first, second) => {
    const { account } = await create(first);
    await expect(create(second)).rejects.toThrow(`expected one without an account, got that of account ${account.id}`);
  });

  it('with the key of another and another kind of address is accepted', async () => {
    const key = testKey(103);
    const kinds = [`pkh(${key}/0/*)`, `sh(wpkh(${key}/0/*))`, `wpkh(${key}/0/*)`, `tr(${key}/0/*)`];
    const created = await Promise.all(kinds.map((descriptor) => create({ descriptor })));
    expect(created.map(({ scriptType }) => scriptType)).toEqual(['p2pkh', 'p2sh-p2wpkh', 'p2wpkh', 'p2tr']);
    expect(new Set(created.flatMap(({ firstAddresses }) => firstAddresses.map(({ address }) => address))).size).toBe(12);
  });
});

describe('an order in the sandbox', () => {
  const [a, b] = [testKey(111), testKey(112)];

  it.each([`pkh(${a}/0/*)`, `sh(wpkh(${a}/0/*))`, `wpkh(${a}/0/*)`, `tr(${a}/0/*)`, `wsh(sortedmulti(2,${a}/0/*,${b}/0/*))`])(
    'is paid at an address of %s',
    async (descriptor) => {
      const { account } = await create({ descriptor });
      const { uuid, token } = await order(account);
      expect((await test.call('POST', `/checkout/${uuid}/sandbox/pay`, { body: '' })).status).toBe(303);
      await vi.waitFor(async () => {
        const { body } = await test.call('GET', `/payment-order/${uuid}`, { token });
        expect(body).toMatchObject({ state: { status: 'paid' } });
      }, 60_000);
    },
  );

  async function order(account: Account): Promise<{ uuid: string; token: string }> {
    const { token } = await test.newPos({ account, defaults: { requiredConfirmations: 0 } });
    // Until then its orders are refused.
    await test.gateway.caughtUp(AbortSignal.timeout(60_000));
    const made = await test.call('POST', '/payment-order', { token, body: { amount: '10.00' } });
    return { uuid: (made.body as { uuid: string }).uuid, token };
  }
});

function multisig(...keys: string[]): AccountInput {
  return { descriptor: `wsh(sortedmulti(1,${keys.map((key) => `${key}/0/*`).join(',')}))` };
}
