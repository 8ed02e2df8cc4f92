import { describe, expect, it } from 'vitest';
import { eventsOf, HOOK, openFakeShop, openListeningShop } from '../../test/fake-shop.ts';
import type { BlockchainStatus } from '../wire/index.ts';

describe('the life of an order on the fake platform', () => {
  it('passes through every status that payments cause', async () => {
    const { client, platform, handle } = openListeningShop();
    const { uuid } = await client.createPaymentOrder({ amount: '10.00', callback_url: HOOK, required_confirmations: 2 });
    const steps: [() => Promise<{ state: { blockchain_status: string } }>, BlockchainStatus, number][] = [
      [() => platform.pay(uuid, { sats: 6000, confirmations: 0 }), 'partial', 0],
      [() => platform.pay(uuid, { confirmations: 0 }), 'mempool_unconfirmed', 0],
      [() => platform.confirm(uuid, 1), 'unconfirmed', 0],
      [() => platform.confirm(uuid), 'paid', 1],
      [() => platform.confirm(uuid, 1), 'network_dispute', 2],
      [() => platform.confirm(uuid, 0), 'mempool_network_dispute', 2],
      [() => platform.confirm(uuid), 'paid', 3],
      [() => platform.revert(uuid), 'possible_chargeback', 4],
    ];
    for (const [step, status, callbacks] of steps) {
      // Two disputes at the same instant would be reported once.
      await platform.advance(1000);
      expect((await step()).state.blockchain_status).toBe(status);
      expect(handle).toHaveBeenCalledTimes(callbacks);
    }
    await platform.advance(86_400_000);
    expect(eventsOf(handle)).toEqual([
      'payment.completed',
      'payment.dispute.start',
      'payment.dispute.end',
      'payment.dispute.start',
      'payment.chargeback',
    ]);
  });

  it('ends with its expiration, and later payments are reported', async () => {
    const { client, platform, handle } = openListeningShop();
    const { uuid } = await client.createPaymentOrder({ amount: '10.00', callback_url: HOOK });
    await platform.advance(900_000);
    expect(eventsOf(handle)).toEqual(['payment.expired']);
    await platform.pay(uuid);
    expect(eventsOf(handle)).toEqual(['payment.expired', 'payment.overpaid']);
  });

  it('does not end while a covered order waits for its confirmations', async () => {
    const { client, platform, handle } = openListeningShop();
    const { uuid } = await client.createPaymentOrder({ amount: '10.00', callback_url: HOOK });
    await platform.pay(uuid, { confirmations: 0 });
    await platform.advance(1_800_000);
    expect((await client.getPaymentOrder(uuid)).state.blockchain_status).toBe('mempool_unconfirmed');
    await platform.confirm(uuid);
    expect(eventsOf(handle)).toEqual(['payment.completed']);
  });

  it('can be waited for', async () => {
    const { client, platform } = openFakeShop();
    const { uuid } = await client.createPaymentOrder({ amount: '10.00' });
    const waiting = client.waitForPaymentOrder(uuid, { intervalMs: 1 });
    await platform.pay(uuid, { sats: 20_000 });
    expect((await waiting).state).toMatchObject({
      status: 'paid',
      paid: { crypto: 20_000, fiat: '12.00' },
      unpaid: { fiat: '0.00' },
    });
    expect(platform.callbacks.map(({ event, attempts }) => [event, attempts])).toEqual([
      ['payment.completed', 0],
      ['payment.overpaid', 0],
    ]);
  });

  it('can be ended by its buyer while it is pending', async () => {
    const { client, platform } = openFakeShop();
    const { uuid } = await client.createPaymentOrder({ amount: '10.00' });
    expect((await platform.cancel(uuid)).state.status).toBe('cancelled');
    await expect(platform.cancel(uuid)).rejects.toThrow(RangeError);
    await expect(platform.trigger(uuid, 'payment.completed')).rejects.toThrow(RangeError);
    await expect(platform.pay('nobody')).rejects.toThrow(RangeError);
  });

  it('reports the surplus if a payment returns after another one has replaced it', async () => {
    const { platform, client, handle } = openListeningShop();
    const { uuid, amount } = await client.createPaymentOrder({ amount: '10.00', callback_url: HOOK });
    await platform.pay(uuid);
    await platform.confirm(uuid, 0);
    await platform.pay(uuid, { sats: amount, confirmations: 0 });
    await platform.confirm(uuid, 1);
    expect(eventsOf(handle)).toEqual(['payment.completed', 'payment.dispute.start', 'payment.dispute.end', 'payment.overpaid']);
  });

  it('never shows as paid to the cent while one satoshi is missing', async () => {
    const { platform, client } = openListeningShop();
    const { uuid, amount } = await client.createPaymentOrder({ amount: '10.00' });
    const { state } = await platform.pay(uuid, { sats: amount - 1 });
    expect([state.paid?.fiat, state.unpaid?.fiat]).toEqual(['9.99', '0.01']);
    const { state: paid } = await platform.pay(uuid, { sats: 1 });
    expect([paid.paid?.fiat, paid.unpaid?.fiat]).toEqual(['10.00', '0.00']);
  });
});

describe('the callbacks of the fake platform', () => {
  it('are sent again until they are acknowledged, and not after that', async () => {
    const { client, platform, handle } = openListeningShop();
    handle.mockRejectedValueOnce(new Error('the database is away'));
    const { uuid } = await client.createPaymentOrder({ amount: '10.00', callback_url: HOOK });
    await platform.pay(uuid);
    expect(platform.callbacks).toMatchObject([{ uuid, event: 'payment.completed', attempts: 1, acknowledged: false }]);
    await platform.redeliver();
    await platform.redeliver();
    expect(platform.callbacks).toMatchObject([{ attempts: 2, acknowledged: true }]);
    expect(handle).toHaveBeenCalledTimes(2);
  });

  it('may be handled by a shop that reads the order', async () => {
    const { client, platform, handle } = openListeningShop();
    const seen: string[] = [];
    handle.mockImplementation(async ({ object }) => void seen.push((await client.getPaymentOrder(object.uuid)).state.status));
    const { uuid } = await client.createPaymentOrder({ amount: '10.00', callback_url: HOOK });
    await platform.pay(uuid);
    expect(seen).toEqual(['paid']);
  });

  it('contain URLs that are never null', async () => {
    const { client, platform, handle } = openListeningShop();
    const { uuid, redirect_url } = await client.createPaymentOrder({ amount: '10.00', callback_url: HOOK });
    await platform.pay(uuid);
    const [{ object }] = handle.mock.calls[0]!;
    expect(object).toMatchObject({ callback_url: HOOK, continue_url: redirect_url, cancel_url: redirect_url });
  });

  it('are not acknowledged by a shop that throws', async () => {
    const deliver = (): never => {
      throw new Error('no such host');
    };
    const { client, platform } = openFakeShop({ deliver });
    const { uuid } = await client.createPaymentOrder({ amount: '10.00', callback_url: HOOK });
    await platform.pay(uuid);
    expect(platform.callbacks).toMatchObject([{ attempts: 1, acknowledged: false }]);
  });
});
