import { randomUUID } from 'node:crypto';
import type { Updateable } from 'kysely';
import { describe, expect, test } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { refundContext, storedOverpaid } from '../../../test/support/refunded-orders.ts';
import { NOON } from '../../../test/support/samples.ts';
import type { RefundsTable } from '../../store/sql/refunds/columns.ts';
import { parseId, type OrderId, type RefundId } from '../../kernel/ids.ts';
import { sats } from '../../kernel/sats.ts';
import type { Order } from '../../orders/order.ts';
import { OPERATOR } from '../../people/viewer.ts';
import type { ScriptHex } from '../../kernel/chain.ts';
import { testKey } from '../../../test/support/test-gateway.ts';
import { parseAccount } from '../../wallet/descriptor/parse-account.ts';
import { approveRefund } from './approve-refund.ts';
import { requestRefundAsBuyer } from './buyer-request.ts';
import { closeRefund } from './close-refund.ts';
import { makePsbt } from './make-psbt.ts';
import { readRefund } from './read-refund.ts';
import type { RefundContext } from './refund-context.ts';
import { requestRefund } from './request-refund.ts';

const ADDRESS = 'bcrt1qcr8te4kr609gcawutmrza0j4xv80jy8zeqchgx';
const ADDRESS_SCRIPT = '0014c0cebcd6c3d3ca8c75dc5ec62ebe55330ef910e2' as ScriptHex;
const MERCHANT = { kind: 'command' } as const;
const newId = (): RefundId => parseId<RefundId>(randomUUID());

await onEveryDatabase('refunds.test.ts', (database) => {
  const contextOf = (): RefundContext => refundContext(database.store);
  const newOverpaid = (): Promise<Order> => storedOverpaid(database.store);
  const request = (orderId: OrderId, id = newId(), destination = ADDRESS) =>
    requestRefund(contextOf(), MERCHANT, { id, orderId, destination, reason: 'returned' });
  const satoshi = (amount: bigint) => ({ kind: 'satoshi', amount: sats(amount) }) as const;
  const approve = (id: RefundId, amount: bigint) => approveRefund(contextOf(), MERCHANT, id, satoshi(amount));
  const auditOf = async (id: RefundId): Promise<string[]> =>
    (await database.store.audit.list({ subject: { kind: 'refund', id }, before: undefined, limit: 9 }))
      .map(({ action, actor }) => `${actor.kind} ${action}`)
      .reverse();

  describe('a refund of the merchant', () => {
    test('is stored as it was requested and approved, with its price', async () => {
      const { terms } = await newOverpaid();
      const { id } = await request(terms.id, newId(), `bitcoin:${ADDRESS.toUpperCase()}?amount=1`);
      expect((await readRefund(contextOf(), OPERATOR, id))?.refund).toMatchObject({
        destination: { kind: 'address', address: ADDRESS },
        sinceHeight: 100,
        reason: 'returned',
      });
      const asked = { kind: 'fiat', fiat: { currency: terms.fiat.currency, minorUnits: 1_000n }, at: 'current' } as const;
      const { refund } = await approveRefund(contextOf(), MERCHANT, id, asked);
      expect(refund.state).toEqual({
        status: 'approved',
        approval: {
          at: NOON,
          amount: 8_334n,
          script: ADDRESS_SCRIPT,
          price: { kind: 'current', fiat: asked.fiat, rate: '120000' },
          confirmations: 1,
        },
      });
      expect((await readRefund(contextOf(), OPERATOR, id))?.refund).toEqual(refund);
      expect(await auditOf(id)).toEqual(['command refund.request', 'command refund.approve']);
    });

    test('is one refund, however often it is requested and approved', async () => {
      const { terms } = await newOverpaid();
      const id = newId();
      await Promise.all([request(terms.id, id), request(terms.id, id)]);
      const outcomes = await Promise.all([1, 2, 3].map(() => approve(id, 5_000n)));
      expect(outcomes.filter(({ isRepeated }) => isRepeated)).toHaveLength(2);
      expect(await database.store.refunds.ofOrder(terms.id)).toHaveLength(1);
      expect(await auditOf(id)).toEqual(['command refund.request', 'command refund.approve']);
      await expect(approve(id, 5_001n)).rejects.toMatchObject({ problem: 'state' });
    });

    test('never exceeds with others what was received, at the same time neither', async () => {
      const { terms } = await newOverpaid();
      const ids = await Promise.all([1, 2, 3, 4].map(async () => (await request(terms.id)).id));
      const outcomes = await Promise.allSettled(ids.map((id) => approve(id, 50_000n)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
      await expect(approve(newId(), 1n)).rejects.toMatchObject({ problem: 'unknown_refund' });
      const shown = await readRefund(contextOf(), OPERATOR, ids[0]!);
      expect(shown?.refundable).toMatchObject({ received: 105_000n, committed: 100_000n, left: 5_000n });
    });

    test('goes to no address of the gateway, and to none of another network', async () => {
      const { terms } = await newOverpaid();
      await database.store.addresses.insert(terms.accountId, [
        { index: 7, address: ADDRESS, script: ADDRESS_SCRIPT, seal: null },
      ]);
      await expect(request(terms.id)).rejects.toMatchObject({ problem: 'own_address' });
      await expect(request(terms.id, newId(), '1BoatSLRHtKNngkdXEeobR76b53LETtpyT')).rejects.toMatchObject({
        problem: 'network',
      });
      await expect(request(terms.id, newId(), 'wallet')).rejects.toMatchObject({ problem: 'address' });
    });

    test('is not paid from an account that was changed outside WebPOS: the change would go astray', async () => {
      const { terms } = await newOverpaid();
      const { id } = await request(terms.id);
      await approve(id, 5_000n);
      const shown = (await readRefund(contextOf(), OPERATOR, id))!;
      const source = { unspentAmong: async () => new Set<string>(), block: () => Promise.reject(new Error('not asked for')) };
      const make = (isSound: boolean) =>
        makePsbt(
          { store: database.store, source, guard: { isSoundAccount: () => isSound } },
          shown,
          5,
          AbortSignal.timeout(9_000),
        );
      expect(await make(false)).toEqual({ kind: 'none', why: 'account' });
      // Then its descriptor is read, which this test does not have.
      await expect(make(true)).rejects.toThrow('descriptor: ');
    });

    test.each<[what: string, change: Partial<Updateable<RefundsTable>>]>([
      ['another destination', { address: 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080' }],
      ['another amount', { amount_sats: 6_000n }],
      ['another script', { script: '0014751e76e8199196d454941c45d1b3a323f1433bd6' }],
      // It may have been erased, so that it has no seal that fits.
      ['no destination, and another script', { address: '', script: '0014751e76e8199196d454941c45d1b3a323f1433bd6' }],
    ])('is not to be paid any more once SQL has given it %s', async (_what, change) => {
      const { terms } = await newOverpaid();
      const { id } = await request(terms.id);
      await approve(id, 5_000n);
      expect((await readRefund(contextOf(), OPERATOR, id))?.isPayable).toBe(true);
      await database.db.updateTable('refunds').set(change).where('id', '=', id).execute();
      expect((await readRefund(contextOf(), OPERATOR, id))?.isPayable).toBe(false);
    });

    test('may be cancelled until it is paid, and then leaves room for another', async () => {
      const { terms } = await newOverpaid();
      const { id } = await request(terms.id);
      await approve(id, 105_000n);
      const { refund } = await closeRefund(contextOf(), MERCHANT, id, 'cash');
      expect(refund.state).toMatchObject({ status: 'cancelled', approval: { amount: 105_000n } });
      expect((await closeRefund(contextOf(), MERCHANT, id, '')).isRepeated).toBe(true);
      expect((await readRefund(contextOf(), OPERATOR, id))?.refund).toEqual(refund);
      await approve((await request(terms.id)).id, 105_000n);
    });
  });

  describe('a refund of the buyer', () => {
    test('is one refund whose address may change until it is approved', async () => {
      const { terms } = await newOverpaid();
      const other = 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080';
      expect(await requestRefundAsBuyer(contextOf(), terms.id, other)).toBe('stored');
      expect(await requestRefundAsBuyer(contextOf(), terms.id, ADDRESS)).toBe('stored');
      const [refund, ...more] = await database.store.refunds.ofOrder(terms.id);
      expect([refund?.address, refund?.requestedBy, more]).toEqual([ADDRESS, 'buyer', []]);
      await approveRefund(contextOf(), MERCHANT, refund!.id, { kind: 'suggested' });
      expect((await database.store.refunds.get(refund!.id))?.state).toMatchObject({ approval: { amount: 5_000n } });
      expect(await requestRefundAsBuyer(contextOf(), terms.id, other)).toBe('nothing_owed');
    });

    test('cannot be requested without end, and what is too much leaves nothing behind', async () => {
      const { terms } = await newOverpaid();
      const wallet = parseAccount({ xpub: testKey(901) }, 'regtest');
      const ask = (index: number) => requestRefundAsBuyer(contextOf(), terms.id, wallet.receive(index).address);
      const refuse = async (): Promise<void> => {
        const last = (await database.store.refunds.ofOrder(terms.id)).find(({ state }) => state.status === 'requested');
        await closeRefund(contextOf(), MERCHANT, last!.id, '');
      };
      for (const index of [0, 1, 2, 3, 4]) expect(await ask(index)).toBe('stored');
      for (const index of [5, 0, 6, 1]) expect(await ask(index)).toBe('too_often');
      expect(await ask(4)).toBe('stored');
      const [first] = await database.store.refunds.ofOrder(terms.id);
      expect(first?.address).toBe(wallet.receive(4).address);
      expect(await auditOf(first!.id)).toEqual(Array.from({ length: 5 }, () => 'buyer refund.request'));
      await refuse();
      for (let request = 2; request <= 5; request += 1) {
        expect(await ask(request)).toBe('stored');
        await refuse();
      }
      for (const index of [0, 7]) expect(await ask(index)).toBe('too_often');
      expect(await database.store.refunds.ofOrder(terms.id)).toHaveLength(5);
      // The merchant still may.
      expect((await request(terms.id)).state.status).toBe('requested');
    });

    test('may be refused', async () => {
      const { terms } = await newOverpaid();
      await requestRefundAsBuyer(contextOf(), terms.id, ADDRESS);
      const [refund] = await database.store.refunds.ofOrder(terms.id);
      expect((await closeRefund(contextOf(), MERCHANT, refund!.id, '')).refund.state.status).toBe('refused');
      expect(await auditOf(refund!.id)).toEqual(['buyer refund.request', 'command refund.refuse']);
      await expect(approve(refund!.id, 600n)).rejects.toMatchObject({ problem: 'state' });
    });
  });
});
