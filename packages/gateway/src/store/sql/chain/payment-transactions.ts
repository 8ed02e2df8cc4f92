import { sql } from 'kysely';
import type { OutPoint, Txid } from '../../../kernel/chain.ts';
import { epochMs, type EpochMs } from '../../../kernel/clock.ts';
import { nextTurn } from '../../../kernel/thread/turns.ts';
import type {
  FamilyMember,
  FamilySpends,
  PaymentFamily,
  PaymentTransactionStore,
} from '../../ports/payment-transaction-store.ts';
import { slices } from '../slices.ts';
import type { SqlContext } from '../sql-context.ts';

/** Page size when the outputs are read to build the index in memory. */
const OUT_POINTS_PER_PAGE = 2_000;
/** No node relays a larger transaction, so its bytes are not stored. The outputs that it spends are. */
const MAX_RAW_BYTES = 400_000;

export class SqlPaymentTransactions implements PaymentTransactionStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async save(families: readonly PaymentFamily[], now: EpochMs): Promise<void> {
    const { db } = this.#sql;
    const sizes = await this.#sizes(families.map(({ txid }) => txid));
    for (const { txid, members } of families) {
      const size = sizes.get(txid);
      if (size !== undefined && size >= members.length) continue;
      if (size !== undefined) await db.deleteFrom('payment_families').where('payment_txid', '=', txid).execute();
      const rows = members.map((member, ordinal) => ({ payment_txid: txid, member_txid: member.txid, ordinal, kept_at: now }));
      await db.insertInto('payment_families').values(rows).execute();
      for (const member of members) await this.#saveMember(member);
      sizes.set(txid, members.length);
    }
  }

  async #saveMember({ txid, raw, spends }: FamilyMember): Promise<void> {
    const { db } = this.#sql;
    if (raw.length <= MAX_RAW_BYTES) {
      const row = { txid, raw: Buffer.from(raw).toString('hex') };
      await db
        .insertInto('payment_transactions')
        .values(row)
        .onConflict((conflict) => conflict.column('txid').doNothing())
        .execute();
    }
    for (const page of slices(spends)) {
      await db
        .insertInto('payment_inputs')
        .values(page.map((spent) => ({ member_txid: txid, spent_txid: spent.txid, spent_vout: spent.vout })))
        .onConflict((conflict) => conflict.columns(['member_txid', 'spent_txid', 'spent_vout']).doNothing())
        .execute();
    }
  }

  async #sizes(txids: readonly Txid[]): Promise<Map<Txid, number>> {
    const sizes = new Map<Txid, number>();
    for (const page of slices(txids)) {
      const rows = await this.#sql.db
        .selectFrom('payment_families')
        .select((eb) => ['payment_txid', eb.fn.countAll().as('members')])
        .where('payment_txid', 'in', page)
        .groupBy('payment_txid')
        .execute();
      for (const { payment_txid: txid, members } of rows) sizes.set(txid as Txid, Number(members));
    }
    return sizes;
  }

  async families(txids: readonly Txid[]): Promise<ReadonlyMap<Txid, PaymentFamily>> {
    const families = new Map<Txid, { txid: Txid; members: FamilyMember[] }>();
    const spends = new Map<Txid, OutPoint[]>();
    for (const page of slices(txids)) {
      const { db } = this.#sql;
      const rows = await db
        .selectFrom('payment_families as f')
        .innerJoin('payment_transactions as t', 't.txid', 'f.member_txid')
        .select(['f.payment_txid', 't.txid', 't.raw'])
        .where('f.payment_txid', 'in', page)
        .orderBy('f.payment_txid')
        .orderBy('f.ordinal')
        .execute();
      const members = [...new Set(rows.map((row) => row.txid))];
      for (const part of slices(members)) {
        const inputs = await db.selectFrom('payment_inputs').selectAll().where('member_txid', 'in', part).execute();
        for (const input of inputs) append(spends, input.member_txid as Txid, outPointFrom(input));
      }
      for (const { payment_txid, txid: member, raw } of rows) {
        const txid = payment_txid as Txid;
        const family = families.get(txid) ?? { txid, members: [] };
        family.members.push({
          txid: member as Txid,
          raw: Buffer.from(raw, 'hex'),
          spends: spends.get(member as Txid) ?? [],
        });
        families.set(txid, family);
      }
    }
    return families;
  }

  async spends(txids: readonly Txid[]): Promise<ReadonlyMap<Txid, FamilySpends>> {
    const found = new Map<Txid, { members: Set<Txid>; outPoints: OutPoint[] }>();
    for (const page of slices(txids)) {
      const rows = await this.#sql.db
        .selectFrom('payment_families as f')
        .innerJoin('payment_inputs as i', 'i.member_txid', 'f.member_txid')
        .select(['f.payment_txid', 'f.member_txid', 'i.spent_txid', 'i.spent_vout'])
        .where('f.payment_txid', 'in', page)
        .execute();
      for (const row of rows) {
        const txid = row.payment_txid as Txid;
        const family = found.get(txid) ?? { members: new Set(), outPoints: [] };
        family.members.add(row.member_txid as Txid);
        family.outPoints.push(outPointFrom(row));
        found.set(txid, family);
      }
    }
    return found;
  }

  async spending(outPoints: readonly OutPoint[]): Promise<{ txid: Txid; outPoint: OutPoint }[]> {
    const wanted = new Set(outPoints.map(({ txid, vout }) => `${txid}:${vout}`));
    const found: { txid: Txid; outPoint: OutPoint }[] = [];
    for (const page of slices([...new Set(outPoints.map(({ txid }) => txid))])) {
      const rows = await this.#sql.db
        .selectFrom('payment_inputs as i')
        .innerJoin('payment_families as f', 'f.member_txid', 'i.member_txid')
        .select(['f.payment_txid', 'i.spent_txid', 'i.spent_vout'])
        .where('i.spent_txid', 'in', page)
        .execute();
      for (const row of rows) {
        const outPoint = outPointFrom(row);
        if (wanted.has(`${outPoint.txid}:${outPoint.vout}`)) found.push({ txid: row.payment_txid as Txid, outPoint });
      }
    }
    return found;
  }

  async *outPoints(): AsyncIterable<OutPoint> {
    let after = { txid: '', vout: -1 };
    for (;;) {
      const { txid, vout } = after;
      const rows = await this.#sql.db
        .selectFrom('payment_inputs')
        .select(['spent_txid', 'spent_vout'])
        .distinct()
        .where(sql<boolean>`(spent_txid, spent_vout) > (${txid}, ${vout})`)
        .orderBy('spent_txid')
        .orderBy('spent_vout')
        .limit(OUT_POINTS_PER_PAGE)
        .execute();
      const last = rows.at(-1);
      if (last === undefined) return;
      for (const row of rows) yield outPointFrom(row);
      after = outPointFrom(last);
      await nextTurn();
    }
  }

  async list(after: Txid | undefined, limit: number): Promise<{ txid: Txid; savedAt: EpochMs }[]> {
    const rows = await this.#sql.db
      .selectFrom('payment_families')
      .select((eb) => ['payment_txid', eb.fn.max('kept_at').as('kept_at')])
      .where('payment_txid', '>', after ?? '')
      .groupBy('payment_txid')
      .orderBy('payment_txid')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ txid: row.payment_txid as Txid, savedAt: epochMs(Number(row.kept_at)) }));
  }

  async delete(txids: readonly Txid[]): Promise<void> {
    const { db } = this.#sql;
    for (const page of slices(txids)) {
      const removed = await db
        .deleteFrom('payment_families')
        .where('payment_txid', 'in', page)
        .returning('member_txid')
        .execute();
      const members = [...new Set(removed.map(({ member_txid }) => member_txid))];
      for (const part of slices(members)) {
        // An ancestor may belong to other payments too.
        const rows = await db.selectFrom('payment_families').select('member_txid').where('member_txid', 'in', part).execute();
        const used = new Set(rows.map(({ member_txid }) => member_txid));
        const unused = part.filter((txid) => !used.has(txid));
        if (unused.length === 0) continue;
        await db.deleteFrom('payment_inputs').where('member_txid', 'in', unused).execute();
        await db.deleteFrom('payment_transactions').where('txid', 'in', unused).execute();
      }
    }
  }
}

function outPointFrom(row: { spent_txid: string; spent_vout: number | string }): { txid: Txid; vout: number } {
  return { txid: row.spent_txid as Txid, vout: Number(row.spent_vout) };
}

function append(map: Map<Txid, OutPoint[]>, txid: Txid, outPoint: OutPoint): void {
  const list = map.get(txid);
  if (list === undefined) map.set(txid, [outPoint]);
  else list.push(outPoint);
}
