import { describe, expect, it } from 'vitest';
import { orderRequest } from './api-request.ts';
import { checkCreation } from './check-creation.ts';
import { ValidationError } from '../errors/index.ts';
import type { PaymentOrderCreation } from '../wire/index.ts';

function errorsOf(work: () => unknown): Readonly<Record<string, readonly string[]>> | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof ValidationError) return error.errors;
    throw error;
  }
}

const check = (creation: unknown, allowHttp = false) =>
  errorsOf(() => checkCreation(creation as PaymentOrderCreation, allowHttp));
const atLength = (length: number) => `https://shop.example/${'a'.repeat(length - 21)}`;

describe('checkCreation', () => {
  it.each([
    { amount: '10.00' },
    { amount: '1' },
    { amount: '0.01' },
    { amount: '10.00', callback_url: atLength(300), continue_url: null, cancel_url: undefined },
    { amount: '10.00', details: '💶'.repeat(300), reference: '', required_confirmations: 0 },
    { amount: '10.00', details: null, reference: null, required_confirmations: null },
  ])('accepts %j', (creation) => {
    expect(check(creation)).toBeUndefined();
  });

  it.each([
    ['amount', undefined],
    ['amount', 10],
    ['amount', ''],
    ['amount', '0'],
    ['amount', '0.00'],
    ['amount', '-1'],
    ['amount', '+1'],
    ['amount', '1e3'],
    ['amount', '1,50'],
    ['amount', '.5'],
    ['amount', '5.'],
    ['amount', ' 5'],
    ['amount', '5\n'],
    ['amount', '٣'],
    ['callback_url', 'http://shop.example/'],
    ['callback_url', 'shop.example'],
    ['callback_url', ''],
    ['callback_url', ' https://shop.example/'],
    ['callback_url', 'https://'],
    ['continue_url', atLength(301)],
    ['cancel_url', 'javascript:alert(1)'],
    ['cancel_url', 7],
    ['details', 'a'.repeat(301)],
    ['reference', 42],
    ['required_confirmations', -1],
    ['required_confirmations', 1.5],
    ['required_confirmations', '3'],
    ['required_confirmations', Number.NaN],
  ])('refuses %s %j', (field, value) => {
    expect(Object.keys(check({ amount: '10.00', [field]: value }) ?? {})).toEqual([field]);
  });

  it('names every wrong field, in the shape of the server', () => {
    expect(check({ amount: '-1', required_confirmations: -1 })).toEqual({
      amount: ['must be a decimal string above 0, such as "10.00", got "-1"'],
      required_confirmations: ['must be an integer from 0, got -1'],
    });
  });

  it('accepts http URLs only from a client that itself uses http', () => {
    const creation = { amount: '10.00', callback_url: 'http://127.0.0.1:3000/callback' };
    expect(check(creation, true)).toBeUndefined();
    expect(check(creation, false)).toHaveProperty('callback_url');
    expect(check({ amount: '10.00', callback_url: 'ftp://127.0.0.1/' }, true)).toHaveProperty('callback_url');
  });

  it.each([undefined, null, '10.00'])('refuses %j in place of a creation', (creation) => {
    expect(check(creation)).toHaveProperty('creation');
  });
});

describe('the check of an order id', () => {
  it.each([
    '',
    '../token',
    '0B7BD9B9-2A4F-4C0E-9F4B-1D9B6F8F2A11',
    '0b7bd9b9-2a4f-1c0e-9f4b-1d9b6f8f2a11',
    '0b7bd9b9-2a4f-4c0e-9f4b-1d9b6f8f2a11\n',
    undefined,
  ])('refuses %j', (uuid) => {
    expect(errorsOf(() => orderRequest('GET', uuid as string, ''))).toHaveProperty('uuid');
  });
});
