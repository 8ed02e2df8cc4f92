/** Tests the sandbox's events and buttons on a real store and chain: exactly those that are offered can be triggered. */
import type { CallbackEvent } from '@webpos/sdk/wire';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Crash, crashing } from '../../../test/support/crashing-store.ts';
import { emptyTables, openDatabase, type TestDatabase } from '../../../test/support/every-database.ts';
import { TEN_EUROS, World } from '../../../test/support/world.ts';
import { MAX_SATS } from '../../kernel/sats.ts';
import type { Order } from '../../orders/order.ts';
import { tally } from '../../orders/rules.ts';
import { sqliteDialect } from '../../store/sql/dialects/sqlite/sqlite.ts';
import { pressButton, sendPart, usefulButtons, type SandboxButton } from './press-button.ts';
import { readNow } from './read-now.ts';
import { resetOrder } from './reset-order.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { eventsNow, triggerEvent } from './trigger-event.ts';

const EVENTS: readonly CallbackEvent[] = [
  'payment.completed',
  'payment.overpaid',
  'payment.cancelled',
  'payment.expired',
  'payment.dispute.start',
  'payment.dispute.end',
  'payment.chargeback',
];
const CONFIRMATIONS = [0, 1, 6, 100];

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase(sqliteDialect(':memory:'));
});
afterAll(() => database.store.close());
beforeEach(() => emptyTables(database));

interface Setting extends AsyncDisposable {
  readonly world: World;
  readonly sandbox: Sandbox;
  trigger(order: Order, event: CallbackEvent): Promise<void>;
  press(order: Order, button: SandboxButton): Promise<boolean>;
  possible(order: Order): Promise<readonly string[]>;
}

async function open(): Promise<Setting> {
  const world = await World.open({ sql: database.store });
  const caughtUp = (signal: AbortSignal): Promise<void> => world.watcher.caughtUp(signal);
  const sandbox = createSandbox({ chain: world.chain, caughtUp, hurry: () => {} });
  await world.mine(3);
  await world.round();
  return {
    world,
    sandbox,
    trigger: (order, event) => triggerEvent(world.context, sandbox, order.terms.id, event),
    press: (order, button) => pressButton(world.context, sandbox, order.terms.id, button),
    possible: async (order) => eventsNow(sandbox, await readNow(world.context, sandbox, order.terms.id)),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** What is stored of an order, and the tip of the chain. */
async function snapshot({ world }: Setting, order: Order): Promise<unknown> {
  return { order: await world.read(order), events: await world.events(order), tip: await world.chain.tip() };
}

describe.each(CONFIRMATIONS)('an order that requires %i confirmations', (requiredConfirmations) => {
  it('can trigger every event that is offered in its state, and no other', async () => {
    const paths: readonly CallbackEvent[][] = [
      [],
      ['payment.completed'],
      ['payment.overpaid'],
      ['payment.cancelled'],
      ['payment.expired'],
      ['payment.completed', 'payment.dispute.start'],
      ['payment.overpaid', 'payment.dispute.start', 'payment.dispute.end'],
      ['payment.completed', 'payment.dispute.start', 'payment.chargeback'],
      ['payment.completed', 'payment.dispute.start', 'payment.chargeback', 'payment.overpaid'],
    ];
    await using setting = await open();
    const { world, trigger, possible } = setting;
    for (const path of paths) {
      const order = await world.order('10.00', { requiredConfirmations });
      for (const event of path) await trigger(order, event);
      const offered = await possible(order);
      const before = await snapshot(setting, order);
      for (const event of EVENTS.filter((each) => !offered.includes(each))) {
        await expect(trigger(order, event), `${path.join()} then ${event}`).rejects.toMatchObject({ code: '0013' });
        expect(await snapshot(setting, order)).toEqual(before);
      }
      for (const event of offered) {
        const another = await world.order('10.00', { requiredConfirmations });
        for (const each of [...path, event as CallbackEvent]) await trigger(another, each);
        expect((await world.events(another)).map((each) => `payment.${each}`)).toContain(event);
      }
    }
    expect(world.warnings).toEqual([]);
  });

  it('is disputed by a reorganisation, paid again by the same transaction, and charged back by a double spend', async () => {
    await using setting = await open();
    const { world, trigger } = setting;
    const order = await world.order('10.00', { requiredConfirmations });
    await trigger(order, 'payment.completed');
    await trigger(order, 'payment.dispute.start');
    expect(await world.status(order)).toBe(requiredConfirmations === 0 ? 'possible_chargeback' : 'mempool_network_dispute');
    // New blocks alone do not end the dispute.
    await world.mine(2);
    await world.round();
    expect((await world.read(order)).state.status).toBe('disputed');
    await trigger(order, 'payment.dispute.end');
    expect((await world.read(order)).payments).toHaveLength(1);
    await trigger(order, 'payment.dispute.start');
    await trigger(order, 'payment.chargeback');
    expect((await world.read(order)).payments).toMatchObject([{ place: { kind: 'gone' } }]);
    await world.chain.reorganize({ depth: 3, others: 'waiting' });
    await world.mine(3);
    await world.round();
    expect((await world.read(order)).payments).toMatchObject([{ place: { kind: 'gone' } }]);
    const events = ['completed', 'dispute.start', 'dispute.end', 'dispute.start', 'chargeback'];
    expect(await world.events(order)).toEqual(events);
  });
});

type Step =
  | { readonly kind: 'event' | 'refused' | 'button'; readonly which: number }
  | { readonly kind: 'part'; readonly percent: number }
  | { readonly kind: 'reset' | 'restart' }
  | { readonly kind: 'reorganize'; readonly depth: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom('event' as const, 'refused' as const, 'button' as const), which: fc.nat(20) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('part' as const), percent: fc.integer({ min: 1, max: 99 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('reset' as const, 'restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reorganize' as const), depth: fc.integer({ min: 1, max: 3 }) }) },
);

it('after any steps an offered event can be triggered, and one that is not offered changes nothing', async () => {
  const property = fc.asyncProperty(
    fc.constantFrom(0, 1, 3),
    fc.array(step, { minLength: 4, maxLength: 14 }),
    async (depth, steps) => {
      await emptyTables(database);
      await using setting = await open();
      const { world } = setting;
      const order = await world.order('10.00', { requiredConfirmations: depth });
      const bystander = await world.order('10.00', { requiredConfirmations: 1 });
      await setting.trigger(bystander, 'payment.completed');
      for (const each of steps) await take(setting, order, each);
      expect((await world.read(bystander)).state.status).toBe('paid');
      expect(await world.events(bystander)).toEqual(['completed']);
      expect(world.warnings).toEqual([]);
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

async function take(setting: Setting, order: Order, step: Step): Promise<void> {
  const { world, sandbox } = setting;
  const offered = (await setting.possible(order)) as CallbackEvent[];
  switch (step.kind) {
    case 'event': {
      const event = offered[step.which % Math.max(1, offered.length)];
      if (event === undefined) return;
      const before = (await world.events(order)).length;
      await setting.trigger(order, event);
      expect((await world.events(order)).slice(before)).toContain(event.replace('payment.', ''));
      return;
    }
    case 'refused': {
      const others = EVENTS.filter((each) => !offered.includes(each));
      const before = await snapshot(setting, order);
      await expect(setting.trigger(order, others[step.which % others.length]!)).rejects.toMatchObject({ code: '0013' });
      expect(await snapshot(setting, order)).toEqual(before);
      return;
    }
    case 'button': {
      const buttons = usefulButtons(await readNow(world.context, sandbox, order.terms.id), sandbox);
      expect(await setting.press(order, buttons[step.which % buttons.length]!)).toBe(true);
      return;
    }
    case 'part': {
      const now = await readNow(world.context, sandbox, order.terms.id);
      const amount = (tally(now.order, now.tipHeight).unpaid * BigInt(step.percent)) / 100n;
      await sendPart(world.context, sandbox, order.terms.id, amount);
      return;
    }
    case 'reset':
      await resetOrder(world.context, sandbox, order.terms.id);
      expect(await world.read(order)).toMatchObject({
        state: { status: 'pending', coveredAt: null },
        payments: [],
        surplusReported: 0n,
      });
      return;
    case 'restart':
      return world.restart();
    case 'reorganize':
      await world.chain.reorganize({ depth: step.depth, others: 'mined' });
  }
}

describe('a reset', () => {
  it.each<[CallbackEvent[]]>([
    [[]],
    [['payment.completed']],
    [['payment.expired', 'payment.overpaid']],
    [['payment.overpaid', 'payment.dispute.start']],
    [['payment.completed', 'payment.dispute.start', 'payment.chargeback']],
  ])('after %j begins again without events, and no reorganisation brings the old payments back', async (path) => {
    await using setting = await open();
    const { world, sandbox, trigger } = setting;
    const order = await world.order('10.00', { requiredConfirmations: 1 });
    for (const event of path) await trigger(order, event);
    const reported = await world.events(order);
    await resetOrder(world.context, sandbox, order.terms.id);
    const afterReset = await world.read(order);
    expect(afterReset).toMatchObject({ state: { status: 'pending', coveredAt: null }, payments: [], surplusReported: 0n });
    for (const others of ['mined', 'waiting'] as const) {
      await world.chain.reorganize({ depth: (await world.chain.tip()).height - 1, others });
      await world.mine(2);
      await world.restart();
      await world.round();
    }
    expect(await world.read(order)).toEqual(afterReset);
    expect(await world.events(order)).toEqual(reported);
    await trigger(order, 'payment.completed');
    expect(await world.events(order)).toEqual([...reported, 'completed']);
  });

  it('that crashes at any point is done completely or not at all', async () => {
    const plan = crashing(database.store);
    const seen = new Set<string>();
    for (let point = 1, reached = true; reached; point += 1) {
      await emptyTables(database);
      await using world = await World.open({ sql: database.store, store: plan.store, storesChain: true });
      const sandbox = createSandbox({
        chain: world.chain,
        caughtUp: (signal) => world.watcher.caughtUp(signal),
        hurry: () => {},
      });
      await world.mine();
      const order = await world.order('10.00', { requiredConfirmations: 1 });
      await world.pay(order);
      await world.mine();
      await world.round();
      const reported = await world.events(order);
      plan.crashAt(point);
      // If the watcher crashes instead, it makes another round.
      await resetOrder(world.context, sandbox, order.terms.id).catch((error: unknown) => expect(error).toBeInstanceOf(Crash));
      reached = plan.points() >= point;
      plan.crashAt(Number.POSITIVE_INFINITY);
      await world.restart();
      await world.round();
      const { state, payments } = await world.read(order);
      const tip = await world.chain.tip();
      seen.add(`${state.status}, ${payments.length} payments, ${tip.height} blocks`);
      expect(await world.events(order)).toEqual(reported);
    }
    expect([...seen].sort()).toEqual(['paid, 1 payments, 2 blocks', 'pending, 0 payments, 3 blocks']);
  });

  it('of an order that is paid by a payment in the mempool starts no dispute', async () => {
    await using setting = await open();
    const { world, sandbox, trigger } = setting;
    const order = await world.order('10.00', { requiredConfirmations: 0 });
    await trigger(order, 'payment.completed');
    await resetOrder(world.context, sandbox, order.terms.id);
    expect(await world.events(order)).toEqual(['completed']);
    expect((await world.chain.mempool()).size).toBe(0);
  });
});

describe('concurrent requests', () => {
  it('run one after the other, so that an event that is possible once succeeds once', async () => {
    await using setting = await open();
    const { world, trigger } = setting;
    const order = await world.order();
    const results = await Promise.allSettled([
      ...Array.from({ length: 8 }, () => trigger(order, 'payment.completed')),
      trigger(order, 'payment.cancelled'),
      world.mine(2),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', ...Array<string>(8).fill('rejected'), 'fulfilled']);
    expect(await world.events(order)).toEqual(['completed']);
  });

  it('for many orders do not affect each other', async () => {
    await using setting = await open();
    const { world, trigger } = setting;
    const orders: Order[] = [];
    for (let n = 0; n < 12; n += 1) orders.push(await world.order());
    await Promise.all(orders.map((order) => trigger(order, 'payment.completed')));
    await Promise.all(orders.map((order, n) => trigger(order, n % 2 === 0 ? 'payment.dispute.start' : 'payment.overpaid')));
    await Promise.all(orders.filter((_, n) => n % 2 === 0).map((order) => trigger(order, 'payment.dispute.end')));
    for (const [n, order] of orders.entries()) {
      expect(await world.events(order)).toEqual(
        n % 2 === 0 ? ['completed', 'dispute.start', 'dispute.end'] : ['completed', 'overpaid'],
      );
      expect(await world.status(order)).toBe('paid');
    }
  });

  it('fail without a change while the chain cannot be read', async () => {
    await using setting = await open();
    const { world, sandbox } = setting;
    const order = await world.order();
    const blind = createSandbox({
      chain: sandbox.chain,
      caughtUp: async () => {
        throw new Error('stopping');
      },
      hurry: () => {},
    });
    await expect(triggerEvent(world.context, blind, order.terms.id, 'payment.completed')).rejects.toThrow('stopping');
    expect((await world.chain.mempool()).size).toBe(0);
    await setting.trigger(order, 'payment.completed');
  });
});

describe('a limit of the sandbox', () => {
  it('is that a payment beyond the reach of a reorganisation cannot be disputed, and a reset leaves it', async () => {
    await using setting = await open();
    const { world, sandbox, trigger, possible } = setting;
    const order = await world.order('10.00', { requiredConfirmations: 1 });
    await trigger(order, 'payment.completed');
    await world.chain.mine({ blocks: sandbox.chain.maxReorganisationDepth });
    expect(await possible(order)).toEqual(['payment.overpaid']);
    const tip = await world.chain.tip();
    await resetOrder(world.context, sandbox, order.terms.id);
    expect(await world.chain.tip()).toEqual(tip);
    await trigger(order, 'payment.completed');
  });

  it('is that no event is offered that would pay more than the supply of bitcoin', async () => {
    await using setting = await open();
    const { world, trigger, possible } = setting;
    const order = await world.order('210000000000.00');
    expect(order.terms.amount).toBe(MAX_SATS);
    expect(await possible(order)).toEqual(['payment.completed', 'payment.cancelled', 'payment.expired']);
    await trigger(order, 'payment.completed');
    expect(await possible(order)).toEqual(['payment.dispute.start']);
  });
});

describe('the buttons of the checkout page', () => {
  it('send a part and the rest, replace them, and pay again', async () => {
    await using setting = await open();
    const { world, sandbox, press } = setting;
    const order = await world.order();
    const part = (amount: bigint): Promise<boolean> => sendPart(world.context, sandbox, order.terms.id, amount);
    for (const wrong of [0n, 545n, TEN_EUROS, -5n]) expect(await part(wrong)).toBe(false);
    expect(await part(40_000n)).toBe(true);
    expect(await world.status(order)).toBe('partial');
    expect(await press(order, 'send')).toBe(true);
    expect(await world.status(order)).toBe('mempool_unconfirmed');
    expect(await press(order, 'send')).toBe(false);
    expect(await press(order, 'replace')).toBe(true);
    expect(await world.status(order)).toBe('pending');
    expect(await press(order, 'send-more')).toBe(true);
    expect(await press(order, 'mine')).toBe(true);
    expect(await world.events(order)).toEqual(['completed', 'overpaid']);
    expect(await press(order, 'reorganize')).toBe(true);
    expect(await world.status(order)).toBe('mempool_network_dispute');
    expect(await press(order, 'mine')).toBe(true);
    expect(await world.events(order)).toEqual(['completed', 'overpaid', 'dispute.start', 'dispute.end']);
  });

  it('lead to every status of a dispute', async () => {
    await using setting = await open();
    const { world, trigger, press } = setting;
    const order = await world.order('10.00', { requiredConfirmations: 2 });
    const seen: string[] = [];
    const record = async (): Promise<void> => void seen.push(await world.status(order));
    for (const button of ['send', 'mine', 'mine', 'reorganize', 'mine'] as const) {
      await press(order, button);
      await record();
    }
    await press(order, 'reorganize');
    await press(order, 'replace');
    await record();
    await trigger(order, 'payment.dispute.end');
    await record();
    expect(seen).toEqual([
      'mempool_unconfirmed',
      'unconfirmed',
      'paid',
      'mempool_network_dispute',
      'network_dispute',
      'possible_chargeback',
      'paid',
    ]);
  });
});
