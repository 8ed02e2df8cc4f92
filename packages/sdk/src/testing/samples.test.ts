import { createHash, createHmac } from 'node:crypto';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { CallbackHandler, isKnownCallback } from '../callbacks/index.ts';
import { standardWebhooks } from '../adapters/index.ts';
import {
  BLOCKCHAIN_STATUSES,
  type BlockchainStatus,
  CALLBACK_EVENTS,
  type CallbackEvent,
  type OrderStatus,
} from '../wire/index.ts';
import { sampleCallback, samplePaymentOrder, signCallback, signStandardWebhook } from './index.ts';

/** The order status that belongs to each blockchain status. */
const STATUS: Record<BlockchainStatus, OrderStatus> = {
  pending: 'pending',
  partial: 'pending',
  mempool_unconfirmed: 'pending',
  unconfirmed: 'pending',
  paid: 'paid',
  cancelled: 'cancelled',
  expired: 'expired',
  network_dispute: 'network_dispute',
  mempool_network_dispute: 'network_dispute',
  possible_chargeback: 'network_dispute',
  chargeback: 'chargeback',
};

describe('a sample order', () => {
  it.each(BLOCKCHAIN_STATUSES)('that is %s has consistent fields', (status) => {
    const order = samplePaymentOrder(status);
    const { paid, in_confirmation, unpaid } = order.state;
    expect(order.state).toMatchObject({ blockchain_status: status, status: STATUS[status] });
    const standing = order.transactions!.filter(({ blockchain_status }) => blockchain_status !== 'reverted');
    const sum = standing.reduce((total, { outs_sum }) => total + outs_sum, 0);
    expect(paid!.crypto + in_confirmation!.crypto).toBe(sum);
    expect(unpaid!.crypto).toBe(Math.max(0, order.btc_amount - sum));
    expect(order.resolved_at === null).toBe(STATUS[status] === 'pending');
    expect(order.dispute_start_date !== null).toBe(['network_dispute', 'chargeback'].includes(STATUS[status]));
    expect(order.chargeback_date !== null).toBe(status === 'chargeback');
    expect(order.uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    // The pattern that the older clients accept.
    expect(order.address).toMatch(/^(bc1|[13]|tb1|[2nm]|bcrt)[a-zA-HJ-NP-Z0-9]{25,40}$/);
    for (const { txid } of order.transactions!) expect(txid).toMatch(/^[0-9a-f]{64}$/);
  });

  it('that is paid exactly has the exact amounts', () => {
    const { amount, state } = samplePaymentOrder('paid');
    expect([state.paid!.fiat, state.unpaid!.fiat]).toEqual([amount, '0.00']);
  });

  it('accepts overridden fields', () => {
    expect(samplePaymentOrder('paid', { reference: 'cart 7' })).toEqual({ ...samplePaymentOrder('paid'), reference: 'cart 7' });
  });

  it('of an unknown status is refused', () => {
    expect(() => samplePaymentOrder('lost' as BlockchainStatus)).toThrow(RangeError);
    expect(() => sampleCallback('payment.lost' as CallbackEvent)).toThrow(RangeError);
  });
});

describe('a sample callback', () => {
  it.each<[CallbackEvent, BlockchainStatus]>([
    ['payment.completed', 'paid'],
    ['payment.overpaid', 'paid'],
    ['payment.cancelled', 'cancelled'],
    ['payment.expired', 'expired'],
    ['payment.dispute.start', 'mempool_network_dispute'],
    ['payment.dispute.end', 'paid'],
    ['payment.chargeback', 'chargeback'],
    ['payment.transaction.changed', 'mempool_unconfirmed'],
  ])('of %s is accepted by a handler, with an order that is %s', async (event, status) => {
    const body = JSON.stringify(sampleCallback(event));
    const headers = { 'chainside-signature': await signCallback(body, 's') };
    const callback = await new CallbackHandler({ secret: 's' }).parse(headers, body);
    expect(isKnownCallback(callback)).toBe(true);
    expect([callback.event, callback.object.state.blockchain_status]).toEqual([event, status]);
  });

  it('exists for every event', () => {
    expect(CALLBACK_EVENTS.map((event) => sampleCallback(event).event)).toEqual(CALLBACK_EVENTS);
  });

  it('accepts overridden fields, also of its order', () => {
    const callback = sampleCallback('payment.expired', { created_at: '2027-01-01T00:00:00.000Z', object: { reference: null } });
    expectTypeOf(callback.event).toEqualTypeOf<'payment.expired'>();
    expect([callback.created_at, callback.object.reference]).toEqual(['2027-01-01T00:00:00.000Z', null]);
    expect(callback.object.details).toBe('Two coffees');
  });
});

describe('a sample signature', () => {
  it('matches the test vector of the contract', async () => {
    const signature = 'NoIaKv36OfjECFj9JIa2fRdpQOr5XLnrGuX5twua2+RrhDvRlazApb16Zpil/c1cz3r2KrqxqiDOU430JbThfA==';
    expect(await signCallback('testRawBody', 'testSecret')).toBe(signature);
  });

  it('covers bytes unchanged', async () => {
    const bytes = new Uint8Array([0xff, 0x00, 0xfe]);
    const expected = createHmac('sha512', createHash('sha256').update('s').digest()).update(bytes).digest('base64');
    expect(await signCallback(bytes, 's')).toBe(expected);
  });

  it('of Standard Webhooks is accepted by their check', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const headers = await signStandardWebhook('{}', secret, { id: 'msg_1', sentAtS: 1 });
    expect(await standardWebhooks(secret)(headers, new TextEncoder().encode('{}'))).toEqual({ id: 'msg_1', sentAtS: 1 });
  });
});
