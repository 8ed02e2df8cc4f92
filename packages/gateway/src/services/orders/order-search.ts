/** Interprets the text of an order search: a UUID or its start, an address, a transaction id, a reference or an amount. */
import { parseTxid, type Network } from '../../kernel/chain.ts';
import { parseDecimal } from '../../kernel/decimal.ts';
import { isUuidV4, type OrderId } from '../../kernel/ids.ts';
import { MAX_SATS, sats } from '../../kernel/sats.ts';
import { CURRENCIES_BY_DECIMALS } from '../../orders/currency.ts';
import type { OrderMatch } from '../../store/ports/order-search.ts';
import { scriptOfAddress } from '../../wallet/script/script-of-address.ts';

const SATS_DECIMALS = 8;

/** Returns everything that a text can mean. It can always be a reference. */
export function matchesOf(text: string, network: Network): OrderMatch[] {
  const lower = text.toLowerCase();
  const script = scriptOfAddress(text, network);
  return [
    { by: 'reference', reference: text },
    ...(isUuidV4(lower) ? [{ by: 'id', id: lower as OrderId } as const] : []),
    ...(/^[0-9a-f]{8}$/.test(lower) ? [{ by: 'id_start', start: lower } as const] : []),
    ...(/^[0-9a-f]{64}$/.test(lower) ? [{ by: 'txid', txid: parseTxid(lower) } as const] : []),
    ...(script === undefined ? [] : [{ by: 'script', script } as const]),
    ...amounts(text),
  ];
}

/** `10`, `10.00` and `10.00 EUR` are amounts of orders; `16667`, `16667 sat` and `0.00016667 BTC` are amounts of payments. */
function amounts(text: string): OrderMatch[] {
  const [, number = '', unit = ''] = /^(\d[\d.]*)\s*([A-Za-z]*)$/.exec(text) ?? [];
  const decimal = parseDecimal(number);
  if (decimal === undefined) return [];
  const scaled = (decimals: number): bigint | undefined => {
    const numerator = decimal.digits * 10n ** BigInt(decimals);
    const divisor = 10n ** BigInt(decimal.scale);
    return numerator % divisor === 0n ? numerator / divisor : undefined;
  };
  const name = unit.toUpperCase();
  const found: OrderMatch[] = [];
  for (const [decimals, all] of CURRENCIES_BY_DECIMALS) {
    const currencies = unit === '' ? all : all.filter((code) => code === name);
    const minorUnits = scaled(decimals);
    if (minorUnits !== undefined && currencies.length > 0)
      found.push({ by: 'fiat', minorUnits: minorUnits.toString(), currencies });
  }
  const inSats = unit === '' && decimal.scale === 0 ? decimal.digits : name === 'SAT' || name === 'SATS' ? scaled(0) : undefined;
  const amount = inSats ?? (name === 'BTC' || (unit === '' && decimal.scale > 3) ? scaled(SATS_DECIMALS) : undefined);
  if (amount !== undefined && amount <= MAX_SATS) found.push({ by: 'received', amount: sats(amount) });
  return found;
}
