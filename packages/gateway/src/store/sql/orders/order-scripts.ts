/** Reads the scripts of orders. */
import { sql } from 'kysely';
import type { ScriptHex, ScriptRun } from '../../../kernel/chain.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import { CorruptRowError } from '../corrupt-row-error.ts';
import type { SqlContext } from '../sql-context.ts';
import { slices } from '../slices.ts';

/** Page size when all scripts are read to build the index in memory. */
const SCRIPTS_PER_PAGE = 5_000;

export async function idsByScript({ db }: SqlContext, scripts: readonly ScriptHex[]): Promise<Map<ScriptHex, OrderId>> {
  const found = new Map<ScriptHex, OrderId>();
  for (const slice of slices(scripts)) {
    const rows = await db.selectFrom('orders').select(['id', 'script']).where('script', 'in', slice).execute();
    for (const { id, script } of rows) found.set(script as ScriptHex, id as OrderId);
  }
  return found;
}

/**
 * Reads the scripts of all orders. The database joins those of a page into one text, which costs less than half of a row for each: with
 * millions of orders, a gateway spends most of its start here.
 */
export async function* readScripts({ db, dialect }: SqlContext): AsyncIterable<ScriptRun> {
  const join = dialect.name === 'sqlite' ? sql`group_concat(script, ',')` : sql`string_agg(script, ',')`;
  for (let after = ''; ;) {
    const page = sql`select script from orders where script > ${after} order by script limit ${SCRIPTS_PER_PAGE}`;
    const { rows } = await sql<{ joined: string | null; last: string | null }>`
      select ${join} as joined, max(script) as last from (${page}) as page`.execute(db);
    const { joined, last } = rows[0] ?? { joined: null, last: null };
    if (joined === null || last === null) return;
    yield* runsOf(joined);
    after = last;
  }
}

/** Each order has one script, and the counts of orders by status are stored. */
export async function countScripts({ db }: SqlContext): Promise<number> {
  const { orders } = await db
    .selectFrom('order_counts')
    .select((eb) => eb.fn.sum('orders').as('orders'))
    .executeTakeFirstOrThrow();
  return Number(orders ?? 0);
}

/** Divides scripts, in hex with commas in between, into runs of the same length. */
export function* runsOf(joined: string): Generator<ScriptRun> {
  for (let start = 0; start < joined.length;) {
    const digits = endOf(joined, start) - start;
    let end = start + digits;
    while (end < joined.length && endOf(joined, end + 1) === end + 1 + digits) end += 1 + digits;
    const bytes = Buffer.from(joined.slice(start, end).replaceAll(',', ''), 'hex');
    const count = (end + 1 - start) / (digits + 1);
    // Buffer.from leaves out what is not hex.
    if (digits === 0 || bytes.length * 2 !== count * digits)
      throw new CorruptRowError('orders: expected scripts in hex, got others');
    yield { bytes, scriptBytes: digits / 2 };
    start = end + 1;
  }
}

function endOf(joined: string, start: number): number {
  const end = joined.indexOf(',', start);
  return end === -1 ? joined.length : end;
}
