/** Faults in the lives of orders, in callbacks, on the chain, and under conditions that only an operator can create. */
import { partInFiat } from './exact-money.ts';
import { answer, body, each, errors, header, read, signature, tampered, type FaultOfSection } from './fault.ts';
import { change, drop, set, type Json } from './tamper.ts';

const cents = (text: string, by: number): string => (Number(text) + by / 100).toFixed(2);

export const LIVES_FAULTS: readonly FaultOfSection[] = [
  {
    name: 'a paid amount that is a cent too small',
    finds: /paid\.fiat|fiat of paid/,
    tampering: read(change<string>('state.paid.fiat', (old) => cents(old, -1))),
  },
  {
    name: 'zero without its decimals',
    finds: /fiat of paid/,
    tampering: read(change<string>('state.unpaid.fiat', (old) => old.replace(/^0\.00$/, '0'))),
  },
  {
    name: 'an unpaid amount that is a satoshi too small',
    finds: /unpaid/,
    tampering: read(change<number>('state.unpaid.crypto', (old) => old - 1)),
  },
  {
    name: 'outs that do not add up',
    finds: /outs_sum|paid\.crypto/,
    tampering: read(change<number>('transactions.*.outs_sum', (old) => old + 1)),
  },
  {
    name: 'a txid in upper case',
    finds: /txid/,
    tampering: read(change<string>('transactions.*.txid', (old) => old.toUpperCase())),
  },
  {
    name: 'a transaction with a nonexistent status',
    finds: /status/,
    tampering: read(set('transactions.*.status', 'done')),
  },
  {
    name: 'a paid order without resolved_at',
    finds: /resolved_at is null/,
    tampering: read(set('resolved_at', null)),
  },
  {
    name: 'a status that does not fit',
    finds: /status by blockchain_status|state\.status/,
    tampering: read(change<string>('state.status', (old) => (old === 'paid' ? 'pending' : old))),
  },
  {
    name: 'an empty answer that clients parse',
    finds: /expected 200 and \{\}/,
    tampering: answer(
      (given) =>
        void (
          given.status === 200 &&
          given.text === '{}' &&
          ((given.status = 204), (given.text = ''), delete given.headers['content-type'])
        ),
    ),
  },
  {
    name: 'a possible event that is not listed',
    finds: /is not among/,
    tampering: body(
      'GET',
      /callbacks$/,
      change<unknown[]>('callbacks', (old) => old.slice(1)),
    ),
  },
  {
    name: 'an impossible event that is listed',
    finds: /\/callbacks\/\d\/name/,
    tampering: body(
      'GET',
      /callbacks$/,
      change<unknown[]>('callbacks', (old) => [...old, { name: 'payment.unheard' }]),
    ),
  },
  { name: '0001 for an impossible event', finds: /expected 0013/, tampering: errors('0013', { code: '0001' }) },
  {
    name: 'a reset order that is still expired',
    finds: /state: expected \["pending"/,
    tampering: body('PATCH', /reset$/, set('state.status', 'expired')),
  },
];

export const CALLBACKS_FAULTS: readonly FaultOfSection[] = [
  { name: 'a callback without a signature', finds: /chainside-signature/, deliveries: signature(() => undefined) },
  {
    name: 'a signature in hex',
    finds: /chainside-signature/,
    deliveries: signature((text) => Buffer.from(text, 'base64').toString('hex')),
  },
  { name: 'a wrong signature', finds: /chainside-signature/, deliveries: signature((text) => `A${text.slice(1)}`) },
  {
    name: 'a body that was changed after it was signed',
    finds: /chainside-signature/,
    deliveries: each((one) => ({ ...one, body: `${one.body}\n` })),
  },
  {
    name: 'a body with quotes escaped by backslashes',
    finds: /not escaped/,
    deliveries: each((one) => ({ ...one, body: JSON.stringify(JSON.parse(one.body)) })),
  },
  { name: 'a callback without cancel_url', finds: /cancel_url/, deliveries: tampered(drop('object.cancel_url')) },
  {
    name: 'a callback with a continue_url of null',
    finds: /continue_url/,
    deliveries: tampered(set('object.continue_url', null)),
  },
  { name: 'an additional field in a callback', finds: /additional/, deliveries: tampered(set('object.extra', 1)) },
  { name: 'a nonexistent event', finds: /event/, deliveries: tampered(set('event', 'payment.done')) },
  { name: 'a nonexistent object_type', finds: /object_type/, deliveries: tampered(set('object_type', 'order')) },
  {
    name: 'an event that does not match the order',
    finds: /state\.status: expected/,
    deliveries: tampered(set('event', 'payment.expired')),
  },
  { name: 'callbacks in the wrong order', finds: /events in order/, deliveries: (all) => [...all].reverse() },
  {
    name: 'a missing callback',
    finds: /events in order/,
    deliveries: (all) => all.filter(({ body: text }) => !text.includes('"payment.overpaid"')),
  },
  { name: 'a duplicate callback', finds: /events in order/, deliveries: (all) => all.flatMap((one) => [one, one]) },
  { name: 'a callback by PUT', finds: /method/, deliveries: each((one) => ({ ...one, method: 'PUT' })) },
  {
    name: 'a callback as a form',
    finds: /Content-Type/,
    deliveries: each((one) => ({ ...one, headers: { ...one.headers, 'content-type': 'application/x-www-form-urlencoded' } })),
  },
];

export const CHAIN_FAULTS: readonly FaultOfSection[] = [
  {
    name: 'a partly paid order that is reported as pending',
    finds: /blockchain_status: expected "partial"/,
    tampering: read(change<string>('state.blockchain_status', (old) => (old === 'partial' ? 'pending' : old))),
  },
  {
    name: 'an unpaid amount that is rounded to the nearest',
    finds: /fiat of paid/,
    tampering: read((order) => {
      const { unpaid } = order['state'] as { unpaid: { crypto: number; fiat: string } };
      unpaid.fiat = partInFiat(unpaid.crypto, order['btc_amount'] as number, order['amount'] as string);
    }),
  },
  {
    name: 'a mempool payment that counts as paid',
    finds: /paid\.crypto/,
    tampering: read(change<Json>('state', (old) => ({ ...old, paid: old['in_confirmation'], in_confirmation: old['paid'] }))),
  },
  { name: 'a dispute without its date', finds: /dispute_start_date/, tampering: read(set('dispute_start_date', null)) },
];

export const SURROUNDINGS_FAULTS: readonly FaultOfSection[] = [
  { name: '1007 for an expired token', finds: /expected 1004/, tampering: errors('1004', { code: '1007' }) },
  { name: '500 without a rate', finds: /expected 4003/, tampering: errors('4003', { status: 500 }) },
  { name: 'no Retry-After while the store is down', finds: /Retry-After/, tampering: header('retry-after', () => undefined) },
  { name: '500 while the store is down', finds: /expected 4006/, tampering: errors('4006', { code: '4000', status: 500 }) },
  {
    name: 'another error for an internal error',
    finds: /expected 4000/,
    tampering: errors('4000', { code: '0001', status: 400 }),
  },
];
