import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anOrder } from '../../test/support/an-order.ts';
import { anyPayments, TIP } from '../../test/support/any-order.ts';
import { sampleAccount, samplePos } from '../../test/support/samples.ts';
import { plusMs } from '../kernel/clock.ts';
import { orderText } from './order-text.ts';
import { orderRetrieval, type OrderInContext } from './order-wire.ts';

const account = sampleAccount();
const others = { account: sampleAccount({ name: 'Other' }), pos: samplePos(account, { name: 'Other' }) };

describe('the text of an order', () => {
  it('equals the JSON of its object, however often it is written and in whatever context', () => {
    const order = anyPayments.map((payments) => anOrder(payments, undefined, { details: 'two "coffees" and \ud83c\udf70' }));
    const writing = fc.record({
      which: fc.nat({ max: 1 }),
      tip: fc.integer({ min: -2, max: 3 }),
      afterMs: fc.constantFrom(0, 1, 999, 1_000, 60_000, 86_400_000),
      publicUrl: fc.constantFrom('https://a.example', 'https://b.example'),
      otherPos: fc.boolean(),
      otherAccount: fc.boolean(),
    });
    const pos = samplePos(account);
    fc.assert(
      fc.property(fc.tuple(order, order), fc.array(writing, { minLength: 2, maxLength: 30 }), (orders, writings) => {
        for (const { which, tip, afterMs, publicUrl, otherPos, otherAccount } of writings) {
          const written = orders[which]!;
          const context: OrderInContext = {
            order: written,
            pos: otherPos ? others.pos : pos,
            account: otherAccount ? others.account : account,
            tipHeight: TIP + tip,
            now: plusMs(written.terms.createdAt, afterMs),
            publicUrl,
          };
          expect(orderText(context)).toBe(JSON.stringify(orderRetrieval(context)));
        }
      }),
    );
  });
});
