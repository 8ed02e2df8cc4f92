/** Reads the scripts of orders. */
import type { ScriptHex } from '../../../kernel/chain.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { SqlContext } from '../sql-context.ts';
import { slices } from '../slices.ts';

/** Page size when all scripts are read to build the index in memory. */
const SCRIPTS_PER_PAGE = 10_000;

export async function idsByScript({ db }: SqlContext, scripts: readonly ScriptHex[]): Promise<Map<ScriptHex, OrderId>> {
  const found = new Map<ScriptHex, OrderId>();
  for (const slice of slices(scripts)) {
    const rows = await db.selectFrom('orders').select(['id', 'script']).where('script', 'in', slice).execute();
    for (const { id, script } of rows) found.set(script as ScriptHex, id as OrderId);
  }
  return found;
}

export async function* readScripts({ db }: SqlContext): AsyncIterable<ScriptHex> {
  let after = '';
  for (;;) {
    const rows = await db
      .selectFrom('orders')
      .select('script')
      .where('script', '>', after)
      .orderBy('script')
      .limit(SCRIPTS_PER_PAGE)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    for (const { script } of rows) yield script as ScriptHex;
    after = last.script;
  }
}
