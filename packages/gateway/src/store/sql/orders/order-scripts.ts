/** Reads the scripts of orders. */
import { sql, type RawBuilder } from 'kysely';
import type { ScriptHex, ScriptRun } from '../../../kernel/chain.ts';
import type { OrderId } from '../../../kernel/ids.ts';
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

interface Page {
  readonly joined: Uint8Array | null;
  readonly last: string | null;
  /** In hex digits. */
  readonly shortest: number;
  readonly longest: number;
}

/**
 * Reads the scripts of all orders. The database joins those of a page, which costs a fifth of a row for each: with millions of orders, a
 * gateway spends most of its start here.
 */
export async function* readScripts(context: SqlContext): AsyncIterable<ScriptRun> {
  const joined =
    context.dialect.name === 'sqlite' ? sql`unhex(group_concat(script, ''))` : sql`decode(string_agg(script, ''), 'hex')`;
  for (let after = ''; ;) {
    const { rows } = await sql<Page>`select ${joined} as joined, max(script) as last, min(length(script)) as shortest,
      max(length(script)) as longest from (${pageAfter(after)}) as page`.execute(context.db);
    const page = rows[0];
    if (page === undefined || page.last === null) return;
    // Sorted scripts nearly always have the same length as their neighbours.
    if (page.shortest === page.longest && page.joined !== null) yield runOf(page.joined, page.shortest);
    else yield* readEach(context, after);
    after = page.last;
  }
}

function pageAfter(after: string): RawBuilder<{ script: string }> {
  return sql`select script from orders where script > ${after} order by script limit ${SCRIPTS_PER_PAGE}`;
}

async function* readEach({ db }: SqlContext, after: string): AsyncIterable<ScriptRun> {
  const { rows } = await pageAfter(after).execute(db);
  for (const { script } of rows) yield runOf(Buffer.from(script, 'hex'), script.length);
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
