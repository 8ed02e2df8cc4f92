/** The commands of a merchant who changes his mind: terms of a POS, orders by hand, and what was made by mistake. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runWebpos, type Run } from '../../../test/support/run-webpos.ts';
import { blockOf, judged, NOON, sampleOrder, samplePayment, txidOf } from '../../../test/support/samples.ts';
import { testKey } from '../../../test/support/test-gateway.ts';
import { openBase, type Base } from '../../app/open-base.ts';
import { epochMs, plusMs } from '../../kernel/clock.ts';
import { parseId, type AccountId, type PosId } from '../../kernel/ids.ts';
import { sats } from '../../kernel/sats.ts';
import { parseCurrency } from '../../orders/currency.ts';
import type { Order, OrderState, OrderTerms } from '../../orders/order.ts';
import type { Refund } from '../../refunds/refund.ts';
import { deriveKeys } from '../../security/key-file.ts';
import { changeTerms } from '../../services/merchants/change-terms.ts';
import type { TermsChange } from '../../services/merchants/settings/terms-change.ts';
import { sealedRefund } from '../../services/seals/seal-of-refund.ts';
import type { Store } from '../../store/ports/store.ts';

const MISSING = '00000000-0000-4000-8000-000000000000';
const REASON = ['--reason', 'as agreed on the phone'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-merchants-'));
  await (await openDatabase()).close();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const webpos = (...words: string[]): Promise<Run> => runWebpos(folder, words);

async function json(...words: string[]): Promise<Record<string, unknown>> {
  const { status, out, err } = await webpos(...words, '--json');
  expect([status, err]).toEqual([0, '']);
  return JSON.parse(out) as Record<string, unknown>;
}

async function refusal(status: number, ...words: string[]): Promise<string> {
  const run = await webpos(...words);
  expect([run.status, run.out]).toEqual([status, '']);
  return run.err;
}

const newAccount = async (key: number): Promise<AccountId> =>
  (await json('account', 'create', '--name', 'Wallet', '--xpub', testKey(key)))['uuid'] as AccountId;
const newPos = async (account: AccountId, ...words: string[]): Promise<PosId> =>
  (await json('pos', 'create', '--name', 'Till', '--account', account, '--currency', 'EUR', ...words))['uuid'] as PosId;
const shownPos = async (id: PosId): Promise<unknown> =>
  ((await json('pos', 'list')) as unknown as { uuid: string }[]).find(({ uuid }) => uuid === id);

async function onStore<T>(work: (store: Store, base: Base) => Promise<T>): Promise<T> {
  const base = await openBase({
    databaseUrl: `sqlite:${join(folder, 'webpos.db')}`,
    keyFile: join(folder, 'webpos.key'),
    marksFile: join(folder, 'webpos.marks'),
  } as Parameters<typeof openBase>[0]);
  const { store } = base;
  try {
    return await work(store, base);
  } finally {
    await store.close();
  }
}

describe('webpos pos update', () => {
  it('changes everything that pos create sets, keeps what is not given, and removes what is set to none', async () => {
    const [first, second] = [await newAccount(1), await newAccount(2)];
    const pos = await newPos(
      first,
      '--cancel-url',
      'https://shop.example/cancelled',
      '--tolerance',
      '0.5',
      '--tolerance-sats',
      '1000',
    );
    const update = (...words: string[]): Promise<unknown> => json('pos', 'update', '--pos', pos, ...words);
    expect(await shownPos(pos)).toMatchObject({ tolerance_bps: 50, tolerance_sats: 1000 });
    const words = {
      name: 'Till 2',
      account: second,
      currency: 'USD',
      'callback-url': 'https://shop.example/callback',
      'continue-url': 'https://shop.example/thanks',
      'required-confirmations': '3',
      type: 'mobile',
      rates: 'kraken',
      spread: '1.25',
    };
    const changed = {
      name: 'Till 2',
      account: second,
      currency: 'USD',
      callback_url: 'https://shop.example/callback',
      continue_url: 'https://shop.example/thanks',
      cancel_url: 'https://shop.example/cancelled',
      required_confirmations: 3,
      type: 'mobile',
      rate_provider: 'kraken',
      rate_spread_bps: 125,
      tolerance_bps: 50,
      tolerance_sats: 1000,
    };
    expect(await update(...Object.entries(words).flatMap(([name, value]) => [`--${name}`, value]))).toMatchObject(changed);
    expect(await shownPos(pos)).toMatchObject(changed);
    await update('--callback-url', 'none', '--continue-url', 'none', '--cancel-url', 'none', '--rates', 'default');
    await update('--tolerance', 'none');
    expect(await shownPos(pos)).toMatchObject({
      ...changed,
      callback_url: null,
      continue_url: null,
      cancel_url: null,
      rate_provider: null,
      tolerance_bps: null,
    });
  });

  it('loses no change among concurrent ones', async () => {
    const pos = await newPos(await newAccount(1));
    const changes: TermsChange[] = [
      { currency: parseCurrency('USD') },
      { defaults: { callbackUrl: 'https://shop.example/callback' } },
      { defaults: { requiredConfirmations: 2 } },
      { tolerance: { sats: sats(7n) } },
      { rates: { spreadBps: 100 } },
    ];
    await onStore(async (store) => {
      const context = { store, clock: { now: () => NOON }, keys: deriveKeys(Buffer.alloc(32, 1)), network: 'regtest' } as const;
      const looks = changeTerms(context, { kind: 'command' }, pos, {}, { support: 'help@shop.example' });
      await Promise.all([looks, ...changes.map((change) => changeTerms(context, { kind: 'command' }, pos, change))]);
    });
    expect(await shownPos(pos)).toMatchObject({
      currency: 'USD',
      callback_url: 'https://shop.example/callback',
      required_confirmations: 2,
      support: 'help@shop.example',
      tolerance_sats: 7,
      rate_spread_bps: 100,
    });
  });

  it.each([
    ['currency', 'euro', /--currency: expected a code of ISO 4217/],
    ['callback-url', 'shop', /--callback-url: /],
    ['required-confirmations', 'many', /--required-confirmations: expected a whole number/],
    ['type', 'till', /--type: expected web or mobile/],
    ['rates', 'mtgox', /--rates: expected default or one of/],
    ['spread', '101', /--spread: expected a percentage/],
    ['tolerance', '11', /--tolerance: expected a percentage from 0.01 to 10 such as 0.5, or none, got "11"/],
    ['tolerance', '0', /--tolerance: /],
    ['tolerance-sats', '1.5', /--tolerance-sats: expected a whole number of satoshi above 0 such as 1000, or none, got "1.5"/],
    ['account', 'x', /--account: expected the UUID of an account/],
  ])('refuses --%s %s, and changes nothing', async (option, value, message) => {
    const pos = await newPos(await newAccount(1));
    const before = await shownPos(pos);
    expect(await refusal(2, 'pos', 'update', '--pos', pos, '--name', 'Other', `--${option}`, value)).toMatch(message);
    expect(await shownPos(pos)).toEqual(before);
  });

  it('refuses an unknown account', async () => {
    const pos = await newPos(await newAccount(1));
    const words = ['pos', 'update', '--pos', pos, '--name', 'Other', '--account', MISSING];
    expect(await refusal(1, ...words)).toBe(`webpos: no account with id ${MISSING}`);
    expect(await shownPos(pos)).toMatchObject({ name: 'Till' });
  });
});

describe('webpos pos rotate-secret --cancel', () => {
  it('cancels a rotation once, and another one can start', async () => {
    const pos = await newPos(await newAccount(1));
    const rotate = (...words: string[]): string[] => ['pos', 'rotate-secret', '--pos', pos, ...words];
    await json(...rotate());
    expect(await json(...rotate('--cancel'))).toMatchObject({ uuid: pos, cancelled: true });
    expect(await shownPos(pos)).toMatchObject({ previous_secret_expires_at: null });
    expect(await refusal(1, ...rotate('--cancel'))).toContain('expected one whose secret is being rotated');
    expect(await refusal(1, ...rotate('--complete'))).toContain('expected one whose secret is being rotated');
    expect(await refusal(2, ...rotate('--complete', '--cancel'))).toContain('expected one of --complete and --cancel, got both');
    await json(...rotate());
  });
});

describe('webpos pos delete and account delete', () => {
  it('delete what nothing uses', async () => {
    const account = await newAccount(1);
    const pos = await newPos(account);
    expect(await refusal(1, 'account', 'delete', '--account', account)).toContain(`which is used by the POS ${pos} (Till)`);
    expect(await json('pos', 'delete', '--pos', pos)).toEqual({ uuid: pos, name: 'Till', deleted: true });
    expect(await json('pos', 'list')).toEqual([]);
    expect(await refusal(1, 'pos', 'delete', '--pos', pos)).toContain(`no POS with id ${pos}`);
    expect(await json('account', 'delete', '--account', account)).toEqual({ uuid: account, name: 'Wallet', deleted: true });
    expect(await json('account', 'list')).toEqual([]);
    expect(await refusal(1, 'account', 'delete', '--account', account)).toContain(`no account with id ${account}`);
  });

  it('refuse a POS with orders, and an account that has handed out an address', async () => {
    const account = await newAccount(1);
    const pos = await newPos(account);
    await onStore(async (store) => {
      await store.orders.insert(sampleOrder((await store.pos.get(pos))!, { addressIndex: 0 }));
      await store.accounts.takeIndexes(account, 1);
    });
    expect(await refusal(1, 'pos', 'delete', '--pos', pos)).toMatch(/which has 1: use webpos pos disable instead/);
    const other = await newAccount(2);
    await json('pos', 'update', '--pos', pos, '--account', other);
    expect((await webpos('doctor')).out).toContain('every account and POS is authentic');
    expect(await refusal(1, 'account', 'delete', '--account', account)).toContain(
      'whose addresses below index 1 were handed out',
    );
    expect(await refusal(1, 'account', 'delete', '--account', other)).toContain(pos);
    expect(await json('account', 'list')).toHaveLength(2);
  });
});

describe('webpos order', () => {
  /** Stores an expired order of 100,000 satoshi, with a payment if the amount is not 0. */
  async function stored(amount: bigint, terms: Partial<OrderTerms> = {}, state?: OrderState): Promise<Order> {
    const account = await newAccount(made);
    const pos = await newPos(account);
    made += 1;
    return onStore(async (store) => {
      const expired: OrderState = state ?? { status: 'expired', expiredAt: plusMs(NOON, 900_000), coveredAt: null };
      const order = sampleOrder((await store.pos.get(pos))!, terms);
      await store.transaction(async (tx) => {
        if ((await tx.chain.tip()) === undefined) await tx.chain.append([blockOf(1), blockOf(2)]);
        await tx.orders.insert(order);
        if (amount > 0n)
          await tx.orders.placePayment(
            samplePayment(order, order.terms.id, { amount: sats(amount), place: { kind: 'block', ...blockOf(2) } }),
          );
        await tx.orders.update(
          { ...order, state: expired },
          judged({ blockchainStatus: 'expired', needsAttention: amount > 0n }),
        );
      });
      return order;
    });
  }
  let made = 10;

  it('list --needs-attention shows orders with late or partial payments until they are settled or refused', async () => {
    const [part, whole] = [await stored(99_999n, { reference: 'part' }), await stored(150_000n)];
    await stored(0n);
    const waiting = (await json('order', 'list', '--needs-attention')) as unknown as Record<string, unknown>[];
    expect(
      new Set(waiting.map(({ uuid, received, surplus, attention }) => [uuid, received, surplus, attention].join(' '))),
    ).toEqual(new Set([`${part.terms.id} 99999 99999 partial`, `${whole.terms.id} 150000 150000 late`]));
    const { out } = await webpos('order', 'list', '--needs-attention');
    expect(out).toMatch(/^uuid .* satoshi  received  surplus  status   attention  reference$/m);
    expect(out).toMatch(/ 100000 +99999 +99999 +expired +partial +part$/m);

    const settled = await json('order', 'settle', part.terms.id, ...REASON);
    expect(settled).toMatchObject({ status: 'paid', events: ['payment.completed'], before: 'expired', received: 99_999 });
    expect(await json('order', 'show', part.terms.id)).toMatchObject({
      status: 'paid',
      received: 99_999,
      surplus: 0,
      attention: null,
      settled_manually: { seen: 99_999, confirmed: 99_999 },
      history: [{ actor: 'command', action: 'settle', reason: REASON[1], before: 'expired', after: 'paid', received: 99_999 }],
      events: [{ event: 'payment.completed' }],
    });
    expect(await json('order', 'refuse', whole.terms.id, ...REASON)).toMatchObject({ status: 'expired', events: [] });
    expect(await json('order', 'list', '--needs-attention')).toEqual([]);
    expect(await json('order', 'show', whole.terms.id)).toMatchObject({ refund_requested: null });
    const refund: Refund = {
      id: parseId('00000000-0000-4000-8000-000000000000'),
      orderId: whole.terms.id,
      posId: whole.terms.posId,
      requestedBy: 'buyer',
      requestedAt: epochMs(Date.UTC(2026, 10, 24)),
      address: 'bcrt1qrefund',
      sinceHeight: 0,
      reason: null,
      state: { status: 'requested' },
      seal: null,
    };
    await onStore(async (store, { guard }) => store.refunds.insert(sealedRefund((await guard()).seals, refund)));
    expect(await json('order', 'show', whole.terms.id)).toMatchObject({
      refund_requested: { address: 'bcrt1qrefund', at: '2026-11-24T00:00:00.000Z' },
    });
    expect((await webpos('order', 'show', whole.terms.id)).out).toMatch(
      /history:\n  -\n {4}at: .*\n {4}actor: command\n {4}action: refuse/,
    );

    // Repeating a decision does nothing; the opposite decision is refused.
    expect(await json('order', 'refuse', whole.terms.id, '--reason', 'again')).toMatchObject({
      repeated: true,
      reason: REASON[1],
    });
    expect((await json('order', 'show', whole.terms.id))['history']).toHaveLength(1);
    expect(await refusal(1, 'order', 'refuse', part.terms.id, ...REASON)).toMatch(/got .*, which is paid and has no surplus/);
  });

  it('list --search finds an order by id, reference, amount or transaction', async () => {
    const order = await stored(99_999n, {
      reference: 'cart 42',
      fiat: { currency: 'EUR', minorUnits: 1234n } as Order['terms']['fiat'],
    });
    await stored(5n);
    const { id } = order.terms;
    for (const text of [id, id.slice(0, 8), 'cart 42', '12.34', '12.34 EUR', '99999', '0.00099999 BTC', txidOf(id)])
      expect([text, (await webpos('order', 'list', '--search', text, '--json')).out]).toEqual([
        text,
        expect.stringContaining(id),
      ]);
    expect(await json('order', 'list', '--search', 'cart')).toEqual([]);
    expect(await json('order', 'list', '--search', id, '--status', 'paid')).toEqual([]);
    expect(await json('order', 'list', '--since', '2026-11-23T12:00:00Z')).toHaveLength(2);
    expect(await json('order', 'list', '--since', '2026-11-23', '--until', '2026-11-23T12:00:00Z')).toEqual([]);
  });

  it.each([
    [['order', 'list', '--since', 'yesterday'], /--since: expected a time such as/],
    [['order', 'list', '--search', ' '], /--search: expected a value, got nothing/],
    [['order', 'list', '--before', MISSING], /--before: no order with id/],
    [['order', 'list', '--before', MISSING, '--after', MISSING], /expected one of --before and --after, got both/],
    [['order', 'settle', MISSING], /--reason: expected a value, got nothing/],
    [['order', 'settle', MISSING, '--reason', 'a\nb'], /--reason: expected at most 300 characters in one line/],
    [['order', 'refuse', 'x', ...REASON], /expected the UUID of an order, got "x"/],
  ])('refuses %j as wrong usage', async (words, message) => {
    expect(await refusal(2, ...words)).toMatch(message);
  });

  it('settle names an unknown order', async () => {
    expect(await refusal(1, 'order', 'settle', MISSING, ...REASON)).toBe(`webpos: no order with id ${MISSING}`);
  });
});

/** Creates an empty database, for commands that do not create one. */
async function openDatabase(): Promise<{ close(): Promise<void> }> {
  const settings = {
    databaseUrl: `sqlite:${join(folder, 'webpos.db')}`,
    keyFile: join(folder, 'k'),
    marksFile: join(folder, 'm'),
  };
  return (await openBase(settings as Parameters<typeof openBase>[0], { create: true })).store;
}
