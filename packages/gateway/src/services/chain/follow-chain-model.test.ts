/**
 * A model-based test: shops, buyers, miners, the clock and crashes act in random order, and after every round the store is as the chain and
 * the contract require. A history that fails is shrunk to the shortest one that does.
 *
 * 2,500 steps by default. `MODEL_STEPS=100000 npx vitest run follow-chain-model` takes some minutes.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { chainTruth } from '../../../test/support/chain-truth.ts';
import { openCrashing } from '../../../test/support/crashing-database.ts';
import { Crash } from '../../../test/support/crashing-store.ts';
import { emptyTables } from '../../../test/support/every-database.ts';
import { TEN_EUROS, World } from '../../../test/support/world.ts';
import { RefusedTransactionError } from '../../chain/sandbox/enter-mempool.ts';
import { ContractError } from '../../contract/contract-error.ts';
import { outPointKey, type Txid } from '../../kernel/chain.ts';
import { HOUR_MS } from '../../kernel/durations.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { sats } from '../../kernel/sats.ts';
import { attention } from '../../orders/attention.ts';
import type { Order } from '../../orders/order.ts';
import { acceptedManually, blockchainStatus, isCovered, orderStatus, requiredAmount, settle, tally } from '../../orders/rules.ts';
import { cancelOrder } from '../orders/cancel-order.ts';
import { deriveKeys } from '../../security/key-file.ts';
import { decideManually } from '../orders/decide-by-hand.ts';
import { resetOrder } from '../sandbox/reset-order.ts';
import { createSandbox } from '../sandbox/sandbox.ts';

const STEPS = Number(process.env['MODEL_STEPS'] ?? 2_500);
const MAX_ORDERS = 8;

const { database, plan } = await openCrashing();

/** A gateway with its chain, and what a shop would have recorded about its orders. */
interface Played {
  readonly world: World;
  orders: Order[];
  readonly sent: { readonly txid: Txid; readonly raw: Uint8Array }[];
  /** How many events each order had when it was last reset. */
  readonly reportedBefore: Map<OrderId, number>;
  /** The outputs that counted at the last round. */
  readonly counted: Set<string>;
  /** The final status of each ended order, and how often it had been settled manually by then. */
  readonly ended: Map<OrderId, { readonly status: string; readonly settled: number }>;
}

type Step = fc.AsyncCommand<object, Played>;
const taken = { steps: 0 };

/** Makes a command from its name and action. Numbers are indexes, modulo the length of the list. */
function step(name: string, run: (played: Played) => Promise<unknown>): Step {
  return {
    check: () => true,
    toString: () => name,
    run: async (_, played) => {
      taken.steps += 1;
      try {
        await run(played);
      } catch (error) {
        if (error instanceof RefusedTransactionError) return; // as by a node
        if (!(error instanceof Crash)) throw error;
        // The caller gets no response, and the gateway is restarted. What its last round has stored is unknown.
        played.counted.clear();
        await played.world.restart();
        await readOrders(played);
      }
    },
  };
}

const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];
const small = fc.nat({ max: 9 });

const commands: fc.Arbitrary<Step>[] = [
  fc.tuple(fc.nat({ max: 3 }), fc.constantFrom(null, null, 1_000)).map(([confirmations, toleranceBps]) =>
    step(`create(${confirmations}, ${toleranceBps ?? 0})`, async (played) => {
      if (played.orders.length >= MAX_ORDERS) return;
      await played.world.order('10.00', { requiredConfirmations: confirmations }, undefined, { bps: toleranceBps, sats: null });
      await readOrders(played);
    }),
  ),
  ...Array.from({ length: 3 }, () =>
    fc
      .tuple(small, fc.constantFrom(1, 40, 50, 60, 100, 100, 130), fc.option(small, { nil: undefined }))
      .map(([first, percent, other]) =>
        step(`pay(${first}, ${percent} %, ${other ?? '-'})`, (played) => pay(played, first, percent, other)),
      ),
  ),
  fc.tuple(small, small, fc.constantFrom(0, 50, 100, 200)).map(([which, order, percent]) =>
    step(`replace(${which}, ${order}, ${percent} %)`, async ({ world, sent, orders }) => {
      const [old, payee] = [pick(sent, which), pick(orders, order)];
      if (old === undefined || payee === undefined) return;
      const amount = sats((TEN_EUROS * BigInt(percent)) / 100n);
      const outputs = amount === 0n ? [] : [{ script: payee.terms.script, amount }];
      await record(world, sent, await world.chain.replace(old.txid, outputs));
    }),
  ),
  small.map((which) =>
    step(`evict(${which})`, async ({ world, sent }) => {
      const lost = pick(sent, which);
      if (lost !== undefined) await world.chain.evict([lost.txid]);
    }),
  ),
  small.map((which) =>
    step(`lose(${which})`, async ({ world, sent }) => {
      const lost = pick(sent, which);
      if (lost !== undefined) world.source.evicted.add(lost.txid);
    }),
  ),
  small.map((which) =>
    step(`find again(${which})`, async ({ world }) => {
      const lost = pick([...world.source.evicted], which);
      if (lost !== undefined) world.source.evicted.delete(lost);
    }),
  ),
  small.map((which) =>
    step(`rebroadcast(${which})`, async ({ world, sent }) => {
      const lost = pick(sent, which);
      if (lost !== undefined) await world.chain.broadcast(lost.raw);
    }),
  ),
  small.map((which) =>
    step(`double-spend(${which})`, async ({ world, sent }) => {
      const lost = pick(sent, which);
      if (lost !== undefined) await world.chain.doubleSpend([lost.txid]);
    }),
  ),
  ...Array.from({ length: 2 }, () =>
    fc.integer({ min: 1, max: 4 }).map((blocks) => step(`mine(${blocks})`, ({ world }) => world.mine(blocks))),
  ),
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), small, fc.constantFrom('mined' as const, 'waiting' as const))
    .map(([maxDepth, which, others]) =>
      step(`reorganize(${maxDepth}, ${which}, ${others})`, async ({ world, sent }) => {
        const { height } = await world.chain.tip();
        const lost = pick(sent, which);
        const depth = Math.min(maxDepth, height - 1);
        if (depth > 0) await world.chain.reorganize({ depth, without: lost === undefined ? [] : [lost.txid], others });
      }),
    ),
  fc
    .constantFrom(0.1, 0.25, 1, 24, 72, -0.1, -2)
    .map((hours) => step(`clock(${hours} h)`, async ({ world }) => world.clock.advance(hours * HOUR_MS))),
  small.map((which) =>
    step(`cancel(${which})`, async (played) => {
      const order = pick(played.orders, which);
      if (order === undefined) return;
      try {
        await cancelOrder(played.world.context, order.terms.id);
      } catch (error) {
        if (!(error instanceof ContractError)) throw error;
      }
    }),
  ),
  ...(['settle', 'refuse'] as const).map((action) =>
    small.map((which) =>
      step(`${action}(${which})`, async (played) => {
        const order = pick(played.orders, which);
        if (order === undefined) return;
        // The round before reports its events first, as for a merchant who decides by what the panel shows.
        await round(played);
        try {
          await decideManually({ ...played.world.context, keys: deriveKeys(Buffer.alloc(32, 1)) }, order.terms.id, {
            action,
            actor: { kind: 'command' },
            reason: 'so it is',
          });
        } catch (error) {
          if (!(error instanceof OperatorError)) throw error;
        }
      }),
    ),
  ),
  small.map((which) =>
    step(`reset(${which})`, async (played) => {
      const order = pick(played.orders, which);
      if (order !== undefined) await reset(played, order.terms.id);
    }),
  ),
  ...Array.from({ length: 5 }, () => fc.constant(step('round', round))),
  fc.constant(step('restart', ({ world }) => world.restart())),
  ...Array.from({ length: 2 }, () =>
    fc.integer({ min: 1, max: 40 }).map((point) => step(`crash at ${point}`, async () => plan.crashAt(point))),
  ),
];

test('after every round the store is as the chain and the contract require', { timeout: 60_000 + STEPS * 60 }, async () => {
  const histories = fc.commands(commands, { maxCommands: 60, size: 'max' });
  // Payments are stored with the step that reads them, or ahead of it.
  const property = fc.asyncProperty(histories, fc.boolean(), async (history, recordsFirst) => {
    await emptyTables(database);
    plan.crashAt(Number.POSITIVE_INFINITY);
    await using world = await World.open({
      sql: database.store,
      store: plan.store,
      finalDepth: 6,
      storesChain: true,
      recordPages: recordsFirst ? { moreThan: 0, page: 1 } : undefined,
    });
    await world.mine(5);
    const played: Played = { world, orders: [], sent: [], reportedBefore: new Map(), counted: new Set(), ended: new Map() };
    await fc.asyncModelRun(() => ({ model: {}, real: played }), history);
    plan.crashAt(Number.POSITIVE_INFINITY);
    await round(played);
  });
  while (taken.steps < STEPS) await fc.assert(property, { numRuns: 20 });
});

async function readOrders(played: Played): Promise<void> {
  const page = { posId: played.world.pos.id, sortBy: 'created_at', sortOrder: 'asc', page: 0, pageSize: 40 } as const;
  const { orders } = await database.store.orders.list({ ...page, blockchainStatus: undefined });
  played.orders = [...orders];
}

async function record(world: World, sent: Played['sent'], txid: Txid): Promise<void> {
  const raw = (await world.chain.mempoolTransactions([txid])).get(txid);
  if (raw !== undefined) sent.push({ txid, raw });
}

async function pay({ world, orders, sent }: Played, first: number, percent: number, other: number | undefined): Promise<void> {
  const amount = sats((TEN_EUROS * BigInt(percent)) / 100n);
  const payees = [pick(orders, first), other === undefined ? undefined : pick(orders, other)];
  const outputs = payees.flatMap((order) => (order === undefined ? [] : [{ script: order.terms.script, amount }]));
  if (outputs.length > 0) await record(world, sent, await world.chain.send(outputs));
}

async function reset(played: Played, id: OrderId): Promise<void> {
  const { world } = played;
  const sandbox = createSandbox({
    chain: world.chain,
    caughtUp: (signal) => world.watcher.caughtUp(signal),
    hurry: () => undefined,
  });
  // Events of the round before belong to the time before the reset.
  await round(played);
  try {
    await resetOrder(world.context, sandbox, id);
  } finally {
    const order = await database.store.orders.get(id);
    if (order?.state.status === 'pending') {
      played.reportedBefore.set(id, (await database.store.callbacks.ofOrder(id)).length);
      played.ended.delete(id);
    }
  }
}

/** The events that the contract allows for each status. An order leaves a final status only when it is settled manually. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  pending: ['completed', 'expired', 'cancelled'],
  paid: ['overpaid', 'dispute.start'],
  network_dispute: ['dispute.end', 'chargeback'],
  expired: ['overpaid', 'completed'],
  cancelled: ['overpaid', 'completed'],
  chargeback: ['overpaid', 'completed'],
};

/** The status that each event reports. */
const STATUS_AFTER: Readonly<Record<string, string>> = {
  completed: 'paid',
  'dispute.start': 'network_dispute',
  'dispute.end': 'paid',
  chargeback: 'chargeback',
  expired: 'expired',
  cancelled: 'cancelled',
};
const FINAL = new Set(['expired', 'cancelled', 'chargeback']);

const NEEDS_ATTENTION = {
  posIds: undefined,
  blockchainStatus: undefined,
  needsAttention: true,
  since: undefined,
  until: undefined,
  before: undefined,
  after: undefined,
  limit: 1,
} as const;

/** Runs a round of the gateway, and compares the store with the chain and the contract. */
async function round(played: Played): Promise<void> {
  const { world } = played;
  await world.round();
  await readOrders(played);
  const { orders } = played;
  const tip = await world.chain.tip();
  expect(await database.store.chain.tip()).toEqual(tip);
  const truth = await chainTruth(world, orders);
  for (const order of orders) {
    const { id, script, requiredConfirmations, amount } = order.terms;
    const places = new Map(order.payments.map(({ outPoint, place }) => [outPointKey(outPoint), place]));
    const ours = [...truth].filter(([, output]) => output.script === script);

    // Its payments are those of the chain, with their places there. Others are reverted.
    const isLost = (key: string): boolean => {
      const place = truth.get(key)?.place.kind ?? 'mempool';
      return place === 'mempool' && world.source.evicted.has(key.split(':')[0] as Txid);
    };
    for (const [key, output] of ours) if (!isLost(key)) expect(places.get(key), key).toEqual(output.place);
    for (const [key, place] of places) {
      if (!isLost(key)) expect(place, key).toMatchObject(truth.get(key)?.place ?? { kind: 'gone' });
      // A payment that was seen and that the source has lost is missing, and counts.
      else if (truth.has(key) && played.counted.has(key)) expect(place.kind, key).toBe('missing');
      else expect(['missing', 'gone'], key).toContain(place.kind);
      if (place.kind === 'gone') played.counted.delete(key);
      else played.counted.add(key);
    }

    // The sums add up.
    const sums = tally(order, tip.height);
    const missing = order.payments.filter(({ place }) => place.kind === 'missing');
    const seen =
      ours.filter(([key]) => !isLost(key)).reduce((sum, [, output]) => sum + output.amount, 0n) +
      missing.reduce((sum, payment) => sum + payment.amount, 0n);
    expect({ seen: sums.seen, whole: sums.confirmed + sums.inConfirmation }).toEqual({ seen, whole: seen });
    const whole = acceptedManually(order.state)?.seen ?? amount;
    expect(sums.unpaid).toBe(seen >= requiredAmount(order).seen ? 0n : whole - seen);

    // Its state follows the rules, and settling it again changes nothing.
    const now = world.clock.now();
    const again = settle(order, { tipHeight: tip.height, now, chainReadAt: now });
    expect({ state: again.order.state, events: again.events }).toEqual({ state: order.state, events: [] });
    expect(await world.status(order)).toBe(blockchainStatus(order, tip.height));
    if (order.state.status === 'paid') expect(isCovered(order, sums), `${requiredConfirmations} confirmations`).toBe(true);

    // Every change of its state was reported once, and nothing else was.
    const events = (await world.events(order)).slice(played.reportedBefore.get(id) ?? 0);
    const history = (await database.store.history.ofOrder(id)).filter(({ action }) => action === 'settle');
    let [status, reopened] = ['pending', 0];
    for (const event of events) {
      expect(NEXT[status], `${event} of ${events.join(' ')}`).toContain(event);
      if (FINAL.has(status) && event === 'completed') reopened += 1;
      status = STATUS_AFTER[event] ?? status;
    }
    expect(reopened).toBeLessThanOrEqual(history.length);
    expect(orderStatus(order)).toBe(status);

    // A final status does not change.
    const end = played.ended.get(id);
    if (end?.settled === history.length) expect(status).toBe(end.status);
    if (FINAL.has(status)) played.ended.set(id, { status, settled: history.length });

    // The panel lists it if it needs attention.
    const { orders: listed } = await database.store.orders.find({ ...NEEDS_ATTENTION, matches: [{ by: 'id', id }] });
    expect(listed.length === 1, `attention of ${id}`).toBe(attention(order, tip.height) !== undefined);
  }
}
