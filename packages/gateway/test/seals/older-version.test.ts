/**
 * A rolling restart, in which a process of the version before seals serves the same PostgreSQL. What it writes has no seals: orders are
 * served, addresses are derived again, and whatever else leads to an address waits for the operator.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPostgres } from '../../../../test/support/postgres.ts';
import type { Gateway } from '../../src/app/gateway.ts';
import { WalletSeals } from '../../src/security/wallet-seals.ts';
import { SealGuard } from '../../src/services/seals/seal-guard.ts';
import { SealWatch } from '../../src/services/seals/seal-watch.ts';
import { openStore } from '../../src/store/sql/open-store.ts';
import { parseAccount } from '../../src/wallet/descriptor/parse-account.ts';
import { runWebpos, type Run } from '../support/run-webpos.ts';
import { testKey, type Shop, type TestGateway } from '../support/test-gateway.ts';
import { attackedGateway, type AttackedGateway } from './attacked-gateway.ts';
import type { Attacker } from './attacker.ts';

const POOL = 20;
const postgres = await findPostgres('older-version.test.ts');

// skip: findPostgres says what is missing
describe.skipIf(postgres === undefined)('beside a process without seals', () => {
  let site: AttackedGateway;
  let sql: Attacker;
  let gateway: TestGateway;
  let shop: Shop;
  /** One whose rows lose their seals. */
  let theirs: Shop;

  beforeAll(async () => {
    site = await attackedGateway(postgres, { WEBPOS_ADDRESS_POOL_SIZE: String(POOL) });
    sql = site.attacker;
    gateway = await site.start();
    shop = await gateway.newPos();
    theirs = await gateway.newPos();
  });
  afterAll(() => site?.[Symbol.asyncDispose]());

  const order = ({ token }: Shop = shop) => gateway.call('POST', '/payment-order', { token, body: { amount: '10.00' } });
  const statusOf = async (by: Shop = shop): Promise<number> => (await order(by)).status;
  /** Lets a process look at its rows now, as it does every half minute. Default: this one. */
  async function look(of: Pick<Gateway['context'], 'store' | 'guard'> = gateway.gateway.context): Promise<void> {
    const { keys, posDirectory, clock } = gateway.gateway.context;
    await new SealWatch({ ...of, keys, posDirectory, clock, log: { info: () => {}, warn: () => {} } }).look();
  }
  async function restart(): Promise<void> {
    gateway = await site.start();
  }
  const webpos = (...words: string[]): Promise<Run> => runWebpos(site.folder, words, site.settings);
  const doctor = async (): Promise<string> => (await webpos('doctor')).out;

  test('the orders that it creates are shown', async () => {
    const { uuid, address } = (await order()).body as { uuid: string; address: string };
    await sql.run(`update orders set address_seal = null where id = '${uuid}'`);
    await restart();
    const { status, body } = await gateway.call('GET', `/payment-order/${uuid}`, { token: shop.token });
    expect([status, body]).toMatchObject([200, { address }]);
    expect(gateway.gateway.context.guard.count).toBe(0);
  });

  test('the addresses that it derives are derived again before they are handed out', async () => {
    await sql.run('update derived_addresses set seal = null');
    await restart();
    const wallet = parseAccount({ descriptor: shop.account.descriptor }, 'regtest');
    for (let nth = 0; nth < 5; nth += 1) {
      const { uuid, address } = (await order()).body as { uuid: string; address: string };
      const [row] = await sql.rows(`select address_index, address_seal from orders where id = '${uuid}'`);
      expect(address).toBe(wallet.receive(Number(row!['address_index'])).address);
      expect(row!['address_seal']).not.toBeNull();
    }
    expect(gateway.gateway.context.guard.count).toBe(0);
  });

  test('the account and the POS that it creates sell nothing until the operator confirms them, and then without a restart', async () => {
    const [account, pos] = [theirs.account.id, theirs.pos.id];
    await sql.run(`update accounts set seal = null where id = '${account}'`);
    await sql.run(`update pos set account_seal = null, revision = revision + 1 where id = '${pos}'`);
    await restart();
    expect([await statusOf(theirs), await statusOf()]).toEqual([503, 201]);
    const says = await doctor();
    expect(says).toContain(`account ${account} has no seal`);
    expect(says).toContain(`the account of POS ${pos} has no seal`);
    const first = parseAccount({ descriptor: theirs.account.descriptor }, 'regtest').receive(0).address;
    for (const words of [
      ['account', 'seal', '--account', account, '--first-address', first],
      ['pos', 'bind', '--pos', pos, '--account', account],
    ])
      expect((await webpos(...words)).status).toBe(0);
    await look();
    expect(await statusOf(theirs)).toBe(201);
    expect(await doctor()).not.toContain('has no seal');
  });

  test('a row that is changed is found by every process, and reported once', async () => {
    const { id, descriptor } = shop.account;
    const other = parseAccount({ xpub: testKey(900) }, 'regtest').descriptor;
    const store = await openStore(site.settings['WEBPOS_DATABASE_URL'] ?? '');
    try {
      const { guard, keys, clock } = gateway.gateway.context;
      const log = { error: () => undefined };
      const since = (await store.sealStart.get())!.since;
      const beside = { store, guard: new SealGuard({ seals: new WalletSeals(keys.wallet), clock, since, log }) };
      await sql.run(`update accounts set descriptor = '${other}' where id = '${id}'`);
      await Promise.all([look(), look(beside)]);
      expect([guard.count, beside.guard.count, await statusOf()]).toEqual([1, 1, 503]);
      expect(await sql.rows(`select 1 as one from notices where id like 'seal account ${id} %'`)).toHaveLength(1);
      await sql.run(`update accounts set descriptor = '${descriptor}' where id = '${id}'`);
      await Promise.all([look(), look(beside)]);
      expect([guard.count, beside.guard.count, await statusOf()]).toEqual([0, 0, 201]);
    } finally {
      await store.close();
    }
  });
});
