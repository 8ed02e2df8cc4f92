/**
 * Fills a gateway's database with orders of one POS, as after long service: the newest `open` are pending, the others have
 * expired. Each is sealed: the gateway derives the address of one that is not, at every reading.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { walletSealsOf } from './stalls/wallet-seals.mjs';

const fromGateway = createRequire(new URL('../../packages/gateway/package.json', import.meta.url));

export async function seedOrders(folder, pos, count, open) {
  const seals = await walletSealsOf(join(folder, 'webpos.key'));
  const { DatabaseSync } = fromGateway('@photostructure/sqlite');
  const database = new DatabaseSync(join(folder, 'webpos.db'));
  const now = Date.now();
  const ended = count - open;
  const pick = (waiting, over) => `case when n < ${ended} then ${over} else ${waiting} end`;
  const columns = {
    id: `lower(substr(t,1,8)||'-'||substr(t,9,2)||substr(r,11,2)||'-4'||substr(r,14,3)||'-a'||substr(r,18,3)||'-'||substr(r,21,12))`,
    pos_id: `'${pos.uuid}'`,
    account_id: `'${pos.account}'`,
    address_index: 'n',
    address: `'bcrt1q'||lower(substr(r,1,38))`,
    script: `'0014'||lower(substr(r,1,32)||printf('%08x', n))`,
    amount_sats: '20834 + n % 100000',
    currency: `'EUR'`,
    fiat_minor_units: 'cast(1250 + n * 7919 % 100000 as text)',
    rate_source: `'fixed'`,
    rate_value: `'60000'`,
    rate_at: `${now}`,
    required_confirmations: '1',
    created_at: `${now - count} + n`,
    expires_at: pick(`${now + 900_000}`, `${now - 1000}`),
    settlement_timeout_ms: '259200000',
    chargeback_timeout_ms: '86400000',
    reference: `'order '||n`,
    status: pick(`'pending'`, `'expired'`),
    blockchain_status: pick(`'pending'`, `'expired'`),
    ended_at: pick('null', `${now - 1000}`),
    surplus_reported: '0',
    deadline_at: pick(`${now + 900_000}`, 'null'),
    watched: '0',
  };
  database.function('seal_of', (id, posId, accountId, index, address, script) =>
    seals.ofOrder(id, posId, { accountId, index: Number(index), address, script }),
  );
  database.exec('pragma cache_size = -400000');
  database.exec(`begin;
    insert into orders (${Object.keys(columns).join(', ')})
    with recursive numbers(n, r) as (select 0, hex(randomblob(16)) union all select n + 1, hex(randomblob(16)) from numbers where n + 1 < ${count})
    select ${Object.values(columns).join(', ')} from (select n, r, printf('%010x', (${now - count} + n) % (1 << 40)) as t from numbers);
    update orders set address_seal = seal_of(id, pos_id, account_id, address_index, address, script);
    insert into order_counts select pos_id, blockchain_status, count(*) from orders group by 1, 2;
    update accounts set next_index = ${count};
    commit;
    pragma wal_checkpoint(truncate);`);
  database.close();
}
