import { Kysely } from 'kysely';
import { expect, test } from 'vitest';
import { IN_FILE, ON_POSTGRES, onEveryPlace, openDatabase, type TestPlace } from '../../../../test/support/every-database.ts';
import { NOON, sampleAccount, sampleOrder, samplePos } from '../../../../test/support/samples.ts';
import { plusMs } from '../../../kernel/clock.ts';
import { migrate } from '../migrate.ts';
import { first } from '../migrations/0001-first.ts';

type Row = Record<string, unknown>;

const SHOP = 'https://shop.example';

const migratedCallbacks = (place: () => TestPlace): void => {
  test('callbacks that were pending before the migration are queued by POS and endpoint, and keep their bodies', async () => {
    const pos = [samplePos(sampleAccount()), samplePos(sampleAccount())];
    const orders = pos.map((each) => sampleOrder(each));
    const dialect = place().connect();
    const db = new Kysely<Record<string, Row>>({ dialect: dialect.kysely });
    await migrate(db, dialect, { migrations: { '0001-first': first }, ifOlder: 'refuse' });
    for (const [n, { terms }] of orders.entries()) {
      await db
        .insertInto('accounts')
        .values({ id: terms.accountId, name: 'a', network: 'regtest', descriptor: `${n}`, next_index: 1, created_at: NOON })
        .execute();
      const { id } = pos[n]!;
      await db
        .insertInto('pos')
        .values({
          id,
          name: 'p',
          type: 'web',
          account_id: terms.accountId,
          currency: 'EUR',
          client_id: `${n}`,
          sealed_secret: 's',
          generation: 1,
          required_confirmations: 1,
          rate_spread_bps: 0,
          origins: '',
          active: 1,
          created_at: NOON,
          revision: 0,
        })
        .execute();
      await db
        .insertInto('orders')
        .values({
          id: terms.id,
          pos_id: id,
          account_id: terms.accountId,
          address_index: 0,
          address: 'x',
          script: `${n}`,
          amount_sats: 1000,
          currency: 'EUR',
          fiat_minor_units: '100',
          rate_source: 'f',
          rate_value: '1',
          rate_at: NOON,
          required_confirmations: 1,
          created_at: NOON,
          expires_at: NOON,
          settlement_timeout_ms: 1,
          chargeback_timeout_ms: 1,
          status: 'pending',
          blockchain_status: 'pending',
          surplus_told: 0,
          watched: 0,
        })
        .execute();
      for (const [sequence, attempts] of [2, 0].entries()) {
        await db
          .insertInto('callbacks')
          .values({
            id: `${n} ${sequence}`,
            order_id: terms.id,
            pos_id: id,
            sequence,
            event: 'payment.completed',
            url: `${SHOP}/x`,
            endpoint: SHOP,
            created_at: NOON,
            wanted_at: NOON,
            status: 'waiting',
            attempts,
            next_attempt_at: sequence === n ? plusMs(NOON, n) : null,
          })
          .execute();
        await db
          .insertInto('callback_bodies')
          .values({ callback_id: `${n} ${sequence}`, body: `{"\\"":${n}}` })
          .execute();
      }
    }
    for (const endpoint of [SHOP, 'https://nobody.example'])
      await db
        .insertInto('failing_endpoints')
        .values({ endpoint, since: NOON, failures: 9, last_error: 'no', last_at: NOON })
        .execute();
    await db.destroy();

    const { store } = await openDatabase(place().connect());
    const [a, b] = pos.map(({ id }) => id);
    expect(await store.callbacks.queues()).toHaveLength(2);
    expect(await store.callbacks.queues()).toEqual(
      expect.arrayContaining([
        { posId: a, endpoint: SHOP, freshAt: undefined, retryAt: NOON },
        { posId: b, endpoint: SHOP, freshAt: plusMs(NOON, 1), retryAt: undefined },
      ]),
    );
    const claim = { endpoint: SHOP, now: plusMs(NOON, 5), until: plusMs(NOON, 9), claimant: 'me', limit: 9 };
    expect(await store.callbacks.claim({ ...claim, posId: a!, kind: 'retries' })).toMatchObject([
      { id: '0 0', body: '{"\\"":0}' },
    ]);
    expect(await store.callbacks.claim({ ...claim, posId: b!, kind: 'fresh' })).toMatchObject([{ id: '1 1', body: '{"\\"":1}' }]);
    const failing = (await store.endpoints.failing()).map(({ posId, endpoint, failures }) => [posId, endpoint, failures]);
    expect(failing).toHaveLength(2);
    expect(failing).toEqual(
      expect.arrayContaining([
        [a, SHOP, 9],
        [b, SHOP, 9],
      ]),
    );
    await store.close();
  });
};
await onEveryPlace('callback-queues-migration.test.ts', migratedCallbacks, [IN_FILE, ON_POSTGRES]);
