import { describe, expect, it } from 'vitest';
import { parseCurrency } from '../orders/currency.ts';
import { readBuyerNote } from './read-note.ts';
import { readLinkName, readLinkTerms, type LinkFaults, type LinkInput } from './read-terms.ts';

const EUR = parseCurrency('EUR');
const faults = (input: LinkInput): LinkFaults => {
  const read = readLinkTerms({ title: 'Coffee', ...input }, EUR);
  return 'faults' in read ? read.faults : {};
};

describe('the terms of a link', () => {
  it('are read from text', () => {
    const input = { title: ' Coffee ', description: 'One\r\ntwo', amount: '3.5', quantity: '10', expires_at: '2026-12-24T18:00' };
    expect(readLinkTerms(input, EUR)).toEqual({
      terms: {
        title: 'Coffee',
        description: 'One\ntwo',
        currency: EUR,
        price: { kind: 'fixed', amount: { currency: EUR, minorUnits: 350n } },
        quantity: 10,
        expiresAt: Date.UTC(2026, 11, 24, 18),
        takesNote: false,
      },
    });
    expect(readLinkTerms({ title: 'Gift', amount: '', min_amount: '5' }, EUR)).toMatchObject({
      terms: { price: { kind: 'open', min: { minorUnits: 500n }, max: null }, quantity: null, description: null },
    });
  });

  it.each<[LinkInput, LinkFaults]>([
    [{ title: ' ' }, { title: 'required' }],
    [{ title: 'x'.repeat(101) }, { title: 'too_long' }],
    [{ title: 'a\u202eb' }, { title: 'characters' }],
    [{ title: 'a\nb' }, { title: 'characters' }],
    [{ description: 'x'.repeat(1_001) }, { description: 'too_long' }],
    [{ description: 'a\0b' }, { description: 'characters' }],
    [{ amount: '0' }, { amount: 'amount' }],
    [{ amount: '1.005' }, { amount: 'amount' }],
    [{ amount: '1', max_amount: '2' }, { amount: 'fixed_and_open' }],
    [{ min_amount: '2', max_amount: '1' }, { max_amount: 'below_min' }],
    [{ quantity: '0' }, { quantity: 'quantity' }],
    [{ quantity: '1000001' }, { quantity: 'quantity' }],
    [{ expires_at: 'tomorrow' }, { expires_at: 'time' }],
    [{ expires_at: '2026-13-01T00:00' }, { expires_at: 'time' }],
    [
      { title: '', quantity: 'x' },
      { title: 'required', quantity: 'quantity' },
    ],
  ])('%j has the faults %j', (input, expected) => {
    expect(faults(input)).toEqual(expected);
  });

  it('have a name that can be the end of a URL', () => {
    expect(['coffee', ' Coffee-2 ', 'a'].map(readLinkName)).toEqual(['coffee', 'coffee-2', 'a']);
    for (const wrong of ['', '-a', 'a-', 'a b', 'a/b', 'é', 'x'.repeat(65), '..'])
      expect(readLinkName(wrong), wrong).toBeUndefined();
  });
});

describe('the note of a buyer', () => {
  it('loses what is invisible, and may have 300 characters', () => {
    expect(readBuyerNote(' a\r\nb\u202e\0 ')).toBe('a\nb');
    expect(readBuyerNote(' \u2028')).toBeNull();
    expect(readBuyerNote('é'.repeat(300))).toHaveLength(300);
    expect(readBuyerNote('é'.repeat(301))).toBeUndefined();
  });
});
