import { describe, expect, it } from 'vitest';
import { readTypedAmount } from './typed-amount.ts';

describe('an amount as people type it', () => {
  it.each<[text: string, decimal: '.' | ',', amount: string | undefined]>([
    ['12', '.', '12'],
    ['12.5', '.', '12.5'],
    ['12,5', '.', '12.5'],
    ['12,50', '.', '12.50'],
    ['1,250', '.', '1250'],
    ['1,250.50', '.', '1250.50'],
    ['1,250,000', '.', '1250000'],
    ['1.250', ',', '1250'],
    ['1.25', ',', '1.25'],
    ['1.250,50', ',', '1250.50'],
    ['1250,505', ',', '1250.505'],
    ["1'250.50", '.', '1250.50'],
    ['1\u202f250,50', ',', '1250.50'],
    [' 12 ', ',', '12'],
    ['٣٫٥', '.', '3.5'],
    ['１２', '.', '12'],
    ['007', '.', '7'],
    ['0', '.', '0'],
    ['', '.', undefined],
    ['.5', '.', undefined],
    ['5.', '.', undefined],
    ['-5', '.', undefined],
    ['+5', '.', undefined],
    ['1e3', '.', undefined],
    ['1,25,0', '.', undefined],
    ['1.250.50', ',', undefined],
    ['1,250.50', ',', undefined],
    ['12 €', ',', undefined],
    ['0x10', '.', undefined],
    ['9'.repeat(41), '.', undefined],
  ])('%j with the decimal separator %j is %j', (text, decimal, amount) => {
    expect(readTypedAmount(text, decimal)).toBe(amount);
  });
});
