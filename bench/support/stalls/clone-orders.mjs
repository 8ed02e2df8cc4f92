/**
 * Fills a database with orders by SQL: copies of one order that a gateway has stored itself, each with its own ids, address, time and
 * amount, and with copies of its payment, its last callback, and that callback's body and attempts. Every other column stays as the
 * gateway wrote it, so the copies fit whatever the tables look like. Each copy is sealed: the gateway does not show the address of one
 * that is not, and derives that address at every reading to be sure.
 */

/** How many orders one statement copies. */
const SLICE = 100_000;
/** How many seals one statement stores. */
const SEALS = 5_000;

/** By how much the amounts of a copy exceed those of the sample, so that they are in no order. */
const MORE = '(b.n * 7919) % 100000';

/** The SQL that differs between the databases. */
const WORDS = {
  sqlite: {
    numbers: (from, count) =>
      `with recursive numbers(n) as (select ${from} union all select n + 1 from numbers where n + 1 < ${from + count}) select n from numbers`,
    random: `lower(hex(randomblob(16)))`,
    hex: (value, digits) => `printf('%0${digits}x', ${value})`,
    text: (value) => `cast(${value} as text)`,
    columns: (table) => `select name from pragma_table_info('${table}')`,
  },
  postgres: {
    numbers: (from, count) => `select n from generate_series(${from}::bigint, ${from + count - 1}::bigint) as n`,
    random: `md5(random()::text || clock_timestamp()::text)`,
    hex: (value, digits) => `lpad(to_hex(${value}), ${digits}, '0')`,
    text: (value) => `(${value})::text`,
    columns: (table) =>
      `select column_name as name from information_schema.columns where table_name = '${table}' and table_schema = current_schema()`,
  },
};

/**
 * @param sample The id of the order to copy.
 * @param seals The seals of the gateway (`wallet-seals.mjs`).
 * @param readable Whether the callbacks will be read: a packed body is readable with the callback alone for which it was packed, so a
 *   plain one replaces it.
 * @param set SQL for columns of `orders`, by name.
 * @returns The number of the first copy; copy n has the address index n.
 */
export async function cloneOrders(
  database,
  sample,
  count,
  { seals, createdAtMs, payments = true, callbacks = true, readable = false, set = {} },
) {
  const words = WORDS[database.kind];
  const [{ first }] = await database.all(`select max(address_index) + 1 as first from orders`);
  const start = Number(first);
  const from = (table, condition) => `from ${table} s, bench_copies b where ${condition}`;
  const copy = async (table, condition, own) => {
    const columns = (await database.all(words.columns(table))).map(({ name }) => name);
    const values = columns.map((name) => own[name] ?? `s.${name}`);
    await database.exec(`insert into ${table} (${columns.join(', ')}) select ${values.join(', ')} ${from(table, condition)}`);
  };
  await database.exec(
    `create temporary table if not exists bench_copies (n bigint, id text, r text, callback text, address text, script text)`,
  );
  await database.exec(`create temporary table if not exists bench_seals (n bigint primary key, seal text)`);
  const last = `(select max(sequence) from callbacks where order_id = '${sample}')`;
  const lastId = `(select id from callbacks where order_id = '${sample}' and sequence = ${last})`;
  for (let done = 0; done < count; done += SLICE) {
    const size = Math.min(SLICE, count - done);
    await database.exec('begin');
    await database.exec('delete from bench_copies');
    await database.exec(`insert into bench_copies select n, ${uuid(words, 't', 'r')}, r, ${uuid(words, 't', 'c')},
      'bcrt1q' || substr(r, 1, 32) || ${words.hex('n % 16777216', 6)}, '0014' || substr(r, 1, 32) || ${words.hex('n', 8)} from
      (select n, ${words.random} as r, ${words.random} as c, ${words.hex(`(${createdAtMs} + n - ${start}) % 1099511627776`, 10)} as t
       from (${words.numbers(start + done, size)}) as numbers) as drawn`);
    await storeSeals(database, sample, seals);
    await copy('orders', `s.id = '${sample}'`, {
      id: 'b.id',
      address: 'b.address',
      script: 'b.script',
      address_index: 'b.n',
      address_seal: '(select seal from bench_seals where bench_seals.n = b.n)',
      created_at: `${createdAtMs} + b.n - ${start}`,
      amount_sats: `s.amount_sats + ${MORE}`,
      fiat_minor_units: words.text(`1250 + ${MORE}`),
      reference: `'order ' || ${words.text('b.n')}`,
      ...set,
    });
    if (payments)
      await copy('payments', `s.order_id = '${sample}'`, {
        amount_sats: `s.amount_sats + ${MORE}`,
        txid: `b.r || b.r`,
        normalized_txid: `b.r || b.r`,
        order_id: 'b.id',
      });
    if (callbacks) {
      const created = { created_at: `${createdAtMs} + b.n - ${start}`, wanted_at: `${createdAtMs} + b.n - ${start}` };
      const plain = readable ? { packed_body: 'null' } : {};
      await copy('callbacks', `s.id = ${lastId}`, { id: 'b.callback', order_id: 'b.id', ...created, ...plain });
      if (readable)
        await database.exec(
          `insert into callback_bodies (callback_id, body) select callback, '{"event":"payment.completed"}' from bench_copies`,
        );
      await copy('callback_attempts', `s.callback_id = ${lastId}`, { callback_id: 'b.callback' });
    }
    await database.exec('commit');
  }
  await database.exec(`delete from order_counts`);
  await database.exec(
    `insert into order_counts (pos_id, blockchain_status, orders) select pos_id, blockchain_status, count(*) from orders group by 1, 2`,
  );
  await database.exec(`update accounts set next_index = (select max(address_index) + 1 from orders)`);
  return start;
}

/** Seals the orders of `bench_copies`. */
async function storeSeals(database, sample, seals) {
  const [{ pos_id: posId, account_id: accountId }] = await database.all(
    `select pos_id, account_id from orders where id = '${sample}'`,
  );
  const sealed = (await database.all('select n, id, address, script from bench_copies')).map(({ n, id, address, script }) => {
    const index = Number(n);
    return `(${index}, '${seals.ofOrder(id, posId, { accountId, index, address, script })}')`;
  });
  await database.exec('delete from bench_seals');
  for (let from = 0; from < sealed.length; from += SEALS)
    await database.exec(`insert into bench_seals values ${sealed.slice(from, from + SEALS).join(', ')}`);
}

/** An id like the gateway's: it begins with the time (`kernel/ordered-uuid.ts`). */
function uuid(_words, time, random) {
  const part = (from, length) => `substr(${random}, ${from}, ${length})`;
  return `substr(${time}, 1, 8) || '-' || substr(${time}, 9, 2) || ${part(11, 2)} || '-4' || ${part(14, 3)} || '-a' || ${part(18, 3)} || '-' || ${part(21, 12)}`;
}
