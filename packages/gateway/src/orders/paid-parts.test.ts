import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AMOUNT, anOrder, aPayment, IN_MEMPOOL, inBlock } from '../../test/support/an-order.ts';
import { anyPayments, TIP } from '../../test/support/any-order.ts';
import { MAX_SATS, sats, type Sats } from '../kernel/sats.ts';
import { parseCurrency } from './currency.ts';
import { formatFiatAmount, parseFiatAmount } from './fiat.ts';
import type { Payment } from './order.ts';
import { paidParts, type PaidPart } from './paid-parts.ts';

const EUR = parseCurrency('EUR');
const text = ({ fiat }: PaidPart): string => formatFiatAmount(fiat);
/** Ten euro for 16,667 satoshi: a cent is worth some 16.7. */
const TEN_EURO = { amount: sats(16_667n), fiat: parseFiatAmount('10.00', EUR) };

function textsOf(payments: readonly Payment[], terms: { amount: Sats; fiat: ReturnType<typeof parseFiatAmount> }): string[] {
  const { paid, inConfirmation, unpaid } = paidParts(anOrder(payments, undefined, terms), TIP);
  return [text(paid), text(inConfirmation), text(unpaid)];
}

describe('the parts of an order in fiat', () => {
  test.each([
    [0n, '0.00', '10.00'],
    [1n, '0.00', '10.00'],
    [8_333n, '4.99', '5.01'],
    // One satoshi short: neither the full price as paid, nor nothing as unpaid.
    [16_666n, '9.99', '0.01'],
    [16_667n, '10.00', '0.00'],
    [16_668n, '10.00', '0.00'],
    [33_334n, '20.00', '0.00'],
  ])('are, with %s of 16,667 satoshi for 10.00 euro confirmed, %s paid and %s unpaid', (received, paid, unpaid) => {
    const payments = received === 0n ? [] : [aPayment(1, received, inBlock(TIP))];
    expect(textsOf(payments, TEN_EURO)).toEqual([paid, '0.00', unpaid]);
  });

  test('do not show the full price as paid while the last satoshi is unconfirmed', () => {
    const payments = [aPayment(1, 16_666n, inBlock(TIP)), aPayment(2, 1n, IN_MEMPOOL)];
    expect(textsOf(payments, TEN_EURO)).toEqual(['9.99', '0.00', '0.00']);
  });

  const anyTerms = fc
    .record({ minorUnits: fc.bigInt({ min: 1n, max: 10n ** 9n }), scale: fc.bigInt({ min: 1n, max: MAX_SATS / AMOUNT / 20n }) })
    .map(({ minorUnits, scale }) => ({ amount: sats(AMOUNT * scale), fiat: { currency: EUR, minorUnits }, scale }));

  test('show the full price as paid only if it is, and zero as unpaid only if nothing is', () => {
    fc.assert(
      fc.property(anyTerms, anyPayments, ({ scale, ...terms }, parts) => {
        const payments = parts.map((payment) => ({ ...payment, amount: sats(payment.amount * scale) }));
        const { paid, unpaid } = paidParts(anOrder(payments, undefined, terms), TIP);
        const whole = terms.fiat.minorUnits;
        expect(paid.fiat.minorUnits >= whole).toBe(paid.crypto >= terms.amount);
        expect(unpaid.fiat.minorUnits === 0n).toBe(unpaid.crypto === 0n);
        if (paid.crypto === terms.amount) expect(text(paid)).toBe(formatFiatAmount(terms.fiat));
        // At most one minor unit off, and never too much.
        const off = (part: PaidPart): bigint => part.fiat.minorUnits * terms.amount - whole * part.crypto;
        if (paid.crypto < terms.amount) expect(off(paid) <= 0n && off(paid) + terms.amount > 0n).toBe(true);
        expect(off(unpaid) >= 0n && off(unpaid) < terms.amount).toBe(true);
      }),
    );
  });

  test('distinguish one satoshi too few from enough, with any terms', () => {
    fc.assert(
      fc.property(anyTerms, (terms) => {
        const one = paidParts(anOrder([aPayment(1, terms.amount - 1n, inBlock(TIP))], undefined, terms), TIP);
        expect(one.paid.fiat.minorUnits < terms.fiat.minorUnits).toBe(true);
        expect(one.unpaid.fiat.minorUnits > 0n).toBe(true);
        const exact = paidParts(anOrder([aPayment(1, terms.amount, inBlock(TIP))], undefined, terms), TIP);
        expect([text(exact.paid), exact.unpaid.fiat.minorUnits]).toEqual([formatFiatAmount(terms.fiat), 0n]);
      }),
    );
  });
});
