/** Reads the scripts of orders. */
import { sql, type RawBuilder } from 'kysely';
import { parseScriptHex, type ScriptHex, type ScriptRun } from '../../../kernel/chain.ts';
import type { AccountId, OrderId } from '../../../kernel/ids.ts';
import { CorruptRowError } from '../corrupt-row-error.ts';
import type { SqlContext } from '../sql-context.ts';
import { slices } from '../slices.ts';

/** Page size when all scripts are read to build the index in memory. */
const SCRIPTS_PER_PAGE = 20_000;

export async function idsByScript({ db }: SqlContext, scripts: readonly ScriptHex[]): Promise<Map<ScriptHex, OrderId>> {
  const found = new Map<ScriptHex, OrderId>();
  for (const slice of slices(scripts)) {
    const rows = await db.selectFrom('orders').select(['id', 'script']).where('script', 'in', slice).execute();
    for (const { id, script } of rows) found.set(script as ScriptHex, id as OrderId);
  }
  return found;
}

/**
 * Reads the scripts of all orders. The database joins those of a page, which costs a fifth of a row for each: with millions of orders, a
 * gateway spends most of its start here.
 */
export function readScripts({ db, dialect }: SqlContext): AsyncIterable<ScriptRun> {
  return dialect.name === 'sqlite' ? inTheirOrder(db) : inOrderOfIds(db);
}

interface SortedPage {
  readonly joined: Uint8Array | null;
  readonly last: string | null;
  /** How many scripts do not have the expected length. */
  readonly others: number;
}

/** Hex digits of the script that most orders have. */
const P2WPKH_DIGITS = 44;

/**
 * Reads only the index of the scripts. The index in memory is filled faster in this order too. Sorted scripts nearly always have the same
 * length as their neighbours, and SQLite compares them with one length only: a page takes a fifth less than with the shortest and the
 * longest.
 */
async function* inTheirOrder(db: SqlContext['db']): AsyncIterable<ScriptRun> {
  let digits = P2WPKH_DIGITS;
  for (let after = ''; ;) {
    const { rows } = await sql<SortedPage>`select unhex(group_concat(script, '')) as joined,
      max(script) as last, count(*) filter (where octet_length(script) <> ${digits}) as others from (${pageAfter(after)}) as page`.execute(
      db,
    );
    const page = rows[0];
    if (page?.joined == null || page.last === null || page.others > 0) {
      const { rows: each } = await pageAfter(after).execute(db);
      const last = each.at(-1);
      if (last === undefined) return;
      for (const { script } of each) yield runOf(Buffer.from(script, 'hex'), script.length);
      after = last.script;
      digits = after.length;
    } else {
      yield runOf(page.joined, digits);
      after = page.last;
    }
  }
}

function pageAfter(after: string): RawBuilder<{ script: string }> {
  return sql`select script from orders where script > ${after} order by script limit ${SCRIPTS_PER_PAGE}`;
}

interface ScriptsOfOneLength {
  readonly joined: Uint8Array;
  /** In hex digits. */
  readonly digits: number;
  readonly last: string;
}

/** PostgreSQL has the orders in the order of their ids, more or less. In that of the scripts it would sort all of them for each page. */
async function* inOrderOfIds(db: SqlContext['db']): AsyncIterable<ScriptRun> {
  for (let after = ''; ;) {
    const { rows } =
      await sql<ScriptsOfOneLength>`select decode(string_agg(script, ''), 'hex') as joined, length(script) as digits,
      max(id) as last from (select id, script from orders where id > ${after} order by id limit ${SCRIPTS_PER_PAGE}) as page
      group by length(script)`.execute(db);
    if (rows.length === 0) return;
    for (const { joined, digits } of rows) yield runOf(joined, digits);
    after = rows.reduce((last, row) => (row.last > last ? row.last : last), after);
  }
}

/** @throws CorruptRowError if a script was not hex: the databases refuse that, and Buffer.from leaves out the rest. */
function runOf(bytes: Uint8Array, digits: number): ScriptRun {
  const scriptBytes = digits / 2;
  if (!Number.isInteger(scriptBytes) || bytes.length === 0 || bytes.length % scriptBytes !== 0)
    throw new CorruptRowError('orders: expected scripts in hex, got others');
  return { bytes, scriptBytes };
}

/** Each order has one script, and the counts of orders by status are stored. */
export async function countScripts({ db }: SqlContext): Promise<number> {
  const { orders } = await db
    .selectFrom('order_counts')
    .select((eb) => eb.fn.sum('orders').as('orders'))
    .executeTakeFirstOrThrow();
  return Number(orders ?? 0);
}

export async function scriptsFrom({ db }: SqlContext, accountId: AccountId, index: number): Promise<ScriptHex[]> {
  const scripts: ScriptHex[] = [];
  for (let from = index; ;) {
    const rows = await db
      .selectFrom('orders')
      .select(['address_index', 'script'])
      .where('account_id', '=', accountId)
      .where('address_index', '>=', from)
      .orderBy('address_index')
      .limit(SCRIPTS_PER_PAGE)
      .execute();
    scripts.push(...rows.map(({ script }) => parseScriptHex(script)));
    const last = rows.at(-1);
    if (last === undefined || rows.length < SCRIPTS_PER_PAGE) return scripts;
    from = Number(last.address_index) + 1;
  }
}
