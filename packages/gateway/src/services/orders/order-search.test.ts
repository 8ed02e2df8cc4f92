import { describe, expect, test } from 'vitest';
import { matchesOf } from './order-search.ts';

const ADDRESS = 'bcrt1qcr8te4kr609gcawutmrza0j4xv80jy8zeqchgx';
const SCRIPT = '0014c0cebcd6c3d3ca8c75dc5ec62ebe55330ef910e2';
const UUID = '0b0e6a3c-2a58-4a57-9f0a-1c1a4f1f9d01';
const TXID = 'ab'.repeat(32);

function meanings(text: string): unknown[] {
  return matchesOf(text, 'regtest').map((match) => {
    if (match.by === 'fiat')
      return ['fiat', match.minorUnits, match.currencies.length > 20 ? 'many' : match.currencies.join(' ')];
    return [match.by, ...Object.values(match).slice(1).map(String)];
  });
}

describe('the text of an order search', () => {
  test.each<[string, unknown[]]>([
    ['cart 42', []],
    [UUID, [['id', UUID]]],
    [UUID.toUpperCase(), [['id', UUID]]],
    ['0B0e6a3c', [['id_start', '0b0e6a3c']]],
    [TXID, [['txid', TXID]]],
    [ADDRESS, [['script', SCRIPT]]],
    [ADDRESS.toUpperCase(), [['script', SCRIPT]]],
    ['bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu', []],
    ['10.00 EUR', [['fiat', '1000', 'EUR']]],
    ['10 jpy', [['fiat', '10', 'JPY']]],
    ['10.5 JPY', []],
    ['16667 sat', [['received', '16667']]],
    ['0.00016667', [['received', '16667']]],
    ['0.00016667 BTC', [['received', '16667']]],
    ['0.000166671 BTC', []],
    ['2100000000000001 sat', []],
  ])('can be a reference (%s) and %j', (text, also) => {
    expect(meanings(text)).toEqual([['reference', text], ...also]);
  });

  test('can be an amount in every currency with its decimals if it is a bare number', () => {
    expect(meanings('10.00').map((meaning) => (meaning as string[]).slice(0, 2))).toEqual([
      ['reference', '10.00'],
      ['fiat', '10'],
      ['fiat', '1000'],
      ['fiat', '10000'],
    ]);
    expect(meanings('16667')).toContainEqual(['received', '16667']);
    expect(meanings('0.005').map((meaning) => (meaning as string[])[1])).toEqual(['0.005', '5']);
  });
});
