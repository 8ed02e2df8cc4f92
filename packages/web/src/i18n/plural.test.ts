import { describe, expect, it } from 'vitest';

import { pluralForm, pluralForms } from './plural.ts';

const ORDERS = 'one: {n} order | other: {n} orders';
const ARABIC = 'one: طلب واحد | two: طلبان | few: {n} طلبات | many: {n} طلبًا | other: {n} طلب';

describe('a text that depends on a number', () => {
  it.each([
    ['en', ORDERS, 0, '{n} orders'],
    ['en', ORDERS, 1, '{n} order'],
    ['en', ORDERS, 2, '{n} orders'],
    // In French, nothing is singular.
    ['fr', ORDERS, 0, '{n} order'],
    // A form that is left out is that of `other`.
    ['fr', ORDERS, 1_000_000, '{n} orders'],
    ['ar', ARABIC, 2, 'طلبان'],
    ['ar', ARABIC, 5, '{n} طلبات'],
    ['ar', ARABIC, 11, '{n} طلبًا'],
    ['ar', ARABIC, 100, '{n} طلب'],
    ['ja', 'other: {n}件', 1, '{n}件'],
    ['en', 'Orders: {n} | all', 1, 'Orders: {n} | all'],
  ])('has the form of %s: %s for %i is %s', (tag, text, count, form) => {
    expect(pluralForm(text, tag, count)).toBe(form);
  });

  it('needs a form for every number', () => {
    expect(() => pluralForm('one: {n} order', 'en', 2)).toThrow('expected the form "other"');
    expect(pluralForms(ORDERS)).toEqual({ one: '{n} order', other: '{n} orders' });
  });
});
