/**
 * Crashes the gateway at the points at which it uses the store, while orders are refunded. A refund is paid once, none is lost, and
 * neither is an event. What was done by half must be as if it had never begun, and what is done is not repeated.
 */
import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { NEVER, openCrashing, type Recovery } from '../../../test/support/crashing-database.ts';
import { Crash } from '../../../test/support/crashing-store.ts';
import { emptyTables } from '../../../test/support/every-database.ts';
import { World } from '../../../test/support/world.ts';
import type { ScriptHex } from '../../kernel/chain.ts';
import { parseId, type RefundId } from '../../kernel/ids.ts';
import { sats } from '../../kernel/sats.ts';
import type { Order } from '../../orders/order.ts';
import { OPERATOR } from '../../people/viewer.ts';
import { deriveKeys } from '../../security/key-file.ts';
import { approveRefund } from '../refunds/approve-refund.ts';
import { requestRefundAsBuyer } from '../refunds/buyer-request.ts';
import { closeRefund } from '../refunds/close-refund.ts';
import { linkPayout } from '../refunds/link-payout.ts';
import { readRefund } from '../refunds/read-refund.ts';
import type { RefundContext } from '../refunds/refund-context.ts';
import { requestRefund } from '../refunds/request-refund.ts';

interface Asked {
  readonly id: RefundId;
  readonly address: string;
  readonly script: ScriptHex;
  readonly amount: bigint;
}

const MERCHANT = { kind: 'command' } as const;
const FIRST: Asked = {
  id: parseId<RefundId>('10000000-0000-4000-8000-000000000001'),
  address: 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080',
  script: '0014751e76e8199196d454941c45d1b3a323f1433bd6' as ScriptHex,
  amount: 60_000n,
};
/** It is cancelled, and paid nevertheless. */
const SECOND: Asked = {
  id: parseId<RefundId>('10000000-0000-4000-8000-000000000002'),
  address: 'bcrt1qcr8te4kr609gcawutmrza0j4xv80jy8zeqchgx',
  script: '0014c0cebcd6c3d3ca8c75dc5ec62ebe55330ef910e2' as ScriptHex,
  amount: 40_000n,
};
/** The surplus of another order. */
const BUYERS: Asked = {
  ...World.secondWallet().receive(0),
  id: parseId<RefundId>('10000000-0000-4000-8000-000000000003'),
  amount: 50_000n,
};

const { database, plan } = await openCrashing();

/** Steps that are played after the one that crashed. What a crash leaves in memory or in the store has its effect in them. */
const STEPS_AFTER_CRASH = 2;

/** Plays the life of three refunds, as far as some steps after its crash. Returns what was stored after each step. */
async function play(recovery: Recovery, crashAt: number): Promise<Stored[]> {
  await emptyTables(database);
  plan.crashAt(NEVER);
  const retryMs = recovery === 'continues' ? 1 : 60_000;
  await using world = await World.open({ sql: database.store, store: plan.store, retryMs });
  await database.db.updateTable('pos').set({ refund_events: 1 }).execute();
  const [a, b] = await paidOrders(world);
  const context: RefundContext = { ...world.context, keys: deriveKeys(Buffer.alloc(32, 1)) };
  const stored: Stored[] = [];
  const life = new CrashingLife(world, recovery);
  const step = async (action: (() => Promise<unknown>) | undefined, change?: () => Promise<unknown>): Promise<void> => {
    if (stored.length === life.lastStep) return;
    if (action !== undefined) await life.act(action);
    await change?.();
    await life.round();
    stored.push(await everything());
  };
  plan.crashAt(crashAt, () => life.crash(stored.length + 1 + STEPS_AFTER_CRASH));
  const request =
    (order: Order, { id, address }: Asked) =>
    () =>
      requestRefund(context, MERCHANT, { id, orderId: order.terms.id, destination: address, reason: '' });
  const approve =
    ({ id, amount }: Asked) =>
    () =>
      approveRefund(context, MERCHANT, id, { kind: 'satoshi', amount: sats(amount) });
  const pay = ({ script, amount }: Asked) => world.chain.pay(script, sats(amount));

  await step(() => requestRefundAsBuyer({ ...context, newUuid: () => BUYERS.id }, b.terms.id, BUYERS.address));
  await step(request(a, FIRST));
  // A block begins a round, which judges what is marked.
  await step(approve(FIRST), () => world.mine());
  await step(undefined, () => pay(FIRST));
  await step(undefined, () => world.mine(2));
  await step(undefined, () => world.chain.reorganize({ depth: 2, others: 'waiting' }));
  await step(undefined, () => world.mine(2));
  await step(request(a, SECOND));
  await step(approve(SECOND), () => world.mine());
  await step(() => closeRefund(context, MERCHANT, SECOND.id, ''));
  let paid = await pay(SECOND);
  await step(undefined);
  await step(
    () => linkPayout(context, MERCHANT, SECOND.id, { txid: paid, vout: 0 }),
    () => world.mine(),
  );
  await step(approve(BUYERS), () => world.mine(2));
  await step(undefined, async () => (paid = await pay(BUYERS)));
  await step(undefined, async () => {
    paid = await world.chain.replace(paid, [{ script: BUYERS.script, amount: sats(BUYERS.amount) }]);
  });
  await step(undefined, () => world.chain.doubleSpend([paid]));
  await step(undefined, () => pay(BUYERS));
  await step(undefined, () => world.mine());
  return stored;
}

/** Recovers from the crash of a history. */
class CrashingLife {
  readonly #world: World;
  readonly #recovery: Recovery;
  readonly #crashed: Promise<void>;
  #resolveCrashed = (): void => {};
  #state: 'alive' | 'crashed' | 'recovered' = 'alive';
  /** How many steps are played. */
  lastStep: number = Infinity;

  constructor(world: World, recovery: Recovery) {
    this.#world = world;
    this.#recovery = recovery;
    this.#crashed = new Promise((resolve) => (this.#resolveCrashed = resolve));
  }

  crash(lastStep: number): void {
    this.lastStep = lastStep;
    this.#state = 'crashed';
    this.#resolveCrashed();
  }

  /** Does what a person has asked for. If it crashes, the person tries again. */
  async act(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      await this.#recover();
      await action();
    }
  }

  /** Runs a round of the watcher. If it crashes, recovers and runs another. */
  async round(): Promise<void> {
    const round = this.#world.round();
    if (this.#recovery === 'continues' || this.#state === 'recovered') return round;
    // After a crash the round never settles.
    await Promise.race([round.catch(() => undefined), this.#crashed]);
    if (this.#state !== 'crashed') return;
    await this.#recover();
    await this.#world.round();
  }

  async #recover(): Promise<void> {
    await expectNonePayableTwice(this.#world);
    this.#state = 'recovered';
    if (this.#recovery === 'is restarted') await this.#world.restart();
  }
}

/** What a merchant reads before the gateway has recovered: no refund is offered to be paid whose payment is stored. */
async function expectNonePayableTwice({ context: { guard } }: World): Promise<void> {
  for (const { id } of [FIRST, SECOND, BUYERS]) {
    const shown = await readRefund({ store: database.store, guard }, OPERATOR, id);
    if (shown?.isPayable === true) expect(shown.payouts.filter(({ place }) => place.kind !== 'gone')).toEqual([]);
  }
}

/** The same orders in every history, because deriving their addresses takes half of the time. One is overpaid. */
async function paidOrders(world: World): Promise<readonly [Order, Order]> {
  if (orders === undefined) orders = [await world.order('10.00', { requiredConfirmations: 2 }), await world.order('20.00')];
  else
    for (const order of orders) {
      await database.store.orders.insert(order);
      world.context.addresses.watch(order.terms.script);
    }
  await world.pay(orders[0]);
  await world.pay(orders[1], 250_000n);
  await world.mine(2);
  await world.round();
  return orders;
}
let orders: readonly [Order, Order] | undefined;

/** Everything stored that is equal after equal histories. */
interface Stored {
  readonly refunds: readonly { readonly id: string; readonly status: string }[];
  readonly callbacks: readonly { readonly event: string }[];
  readonly [table: string]: unknown;
}

async function everything(): Promise<Stored> {
  const { db } = database;
  return {
    refunds: await db.selectFrom('refunds').selectAll().orderBy('id').execute(),
    payouts: await db.selectFrom('refund_payouts').selectAll().orderBy('txid').execute(),
    requests: await db.selectFrom('refund_requests').selectAll().execute(),
    callbacks: await db
      .selectFrom('callbacks')
      .select(['order_id', 'sequence', 'event', 'url', 'created_at', 'status'])
      .orderBy('order_id')
      .orderBy('sequence')
      .execute(),
    notices: await db.selectFrom('notices').select('id').orderBy('id').execute(),
    audit: await db
      .selectFrom('audit_log')
      .select(['position', 'action', 'subject_id', 'details', 'hash'])
      .orderBy('position')
      .execute(),
  };
}

test('the history that crashes has every state of a refund, and every event', async () => {
  const stored = await play('continues', NEVER);
  const statuses = stored.map(({ refunds }) => refunds.map(({ status }) => status).join(' '));
  expect(statuses).toEqual([
    'requested',
    'requested requested',
    'approved requested',
    'seen requested',
    'confirmed requested',
    'seen requested',
    'confirmed requested',
    'confirmed requested requested',
    'confirmed approved requested',
    'confirmed cancelled requested',
    'confirmed cancelled requested',
    'confirmed seen requested',
    'confirmed confirmed approved',
    'confirmed confirmed seen',
    'confirmed confirmed seen',
    'confirmed confirmed approved',
    'confirmed confirmed seen',
    'confirmed confirmed confirmed',
  ]);
  const events = stored.at(-1)?.callbacks.map(({ event }) => event.replace('payment.', ''));
  expect(events?.filter((event) => event.startsWith('refund'))).toEqual([
    'refund.paid',
    'refund.reverted',
    'refund.paid',
    'refund.paid',
    'refund.paid',
  ]);
  expect(plan.points()).toBeGreaterThan(100);
});

/** Each run crashes at some of the points, beginning at random; CRASH_POINTS=all crashes at all of them. */
const EVERY_NTH_POINT = process.env['CRASH_POINTS'] === 'all' ? 1 : 14;
const FIRST_POINT = 1 + randomInt(EVERY_NTH_POINT);

test.each<Recovery>(['continues', 'is restarted'])(
  'a gateway that crashes at any point and %s stores after the next round what it would have stored without the crash',
  { timeout: 600_000 },
  async (recovery) => {
    const undisturbed = await play(recovery, NEVER);
    const points = plan.points();
    for (let point = FIRST_POINT; point <= points; point += EVERY_NTH_POINT) {
      const stored = await play(recovery, point);
      const wanted = undisturbed.slice(0, stored.length);
      // Vitest takes a fifth of the time to compare.
      if (!isDeepStrictEqual(stored, wanted)) expect(stored, `crash at point ${point} of ${points}`).toEqual(wanted);
      expect(stored.length).toBeGreaterThan(0);
    }
  },
);
