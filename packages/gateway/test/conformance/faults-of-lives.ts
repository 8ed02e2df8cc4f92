/** Faults in the lives of orders, of callbacks, on the chain, and by the gateway's surroundings. */
import { partInFiat } from './exact-money.ts';
import { answer, body, each, errors, header, read, signature, spoilt, type FaultOfSection } from './fault.ts';
import { change, drop, set, type Json } from './spoil.ts';

const cents = (text: string, by: number): string => (Number(text) + by / 100).toFixed(2);

export const LIVES_FAULTS: readonly FaultOfSection[] = [
  {
    name: 'a cent too little paid',
    finds: /paid\.fiat|fiat of paid/,
    spoiling: read(change<string>('state.paid.fiat', (old) => cents(old, -1))),
  },
  {
    name: 'zero without its decimals',
    finds: /fiat of paid/,
    spoiling: read(change<string>('state.unpaid.fiat', (old) => old.replace(/^0\.00$/, '0'))),
  },
  { name: 'less than nothing unpaid', finds: /unpaid/, spoiling: read(change<number>('state.unpaid.crypto', (old) => old - 1)) },
  {
    name: 'outs that do not add up',
    finds: /outs_sum|paid\.crypto/,
    spoiling: read(change<number>('transactions.*.outs_sum', (old) => old + 1)),
  },
  {
    name: 'a txid in capitals',
    finds: /txid/,
    spoiling: read(change<string>('transactions.*.txid', (old) => old.toUpperCase())),
  },
  {
    name: 'a transaction in a nonexistent state',
    finds: /status/,
    spoiling: read(set('transactions.*.status', 'done')),
  },
  {
    name: 'a paid order that was never resolved',
    finds: /resolved_at is null/,
    spoiling: read(set('resolved_at', null)),
  },
  {
    name: 'a status that does not fit',
    finds: /status by blockchain_status|state\.status/,
    spoiling: read(change<string>('state.status', (old) => (old === 'paid' ? 'pending' : old))),
  },
  {
    name: 'no body on an answer that clients read',
    finds: /expected 200 and \{\}/,
    spoiling: answer(
      (given) =>
        void (
          given.status === 200 &&
          given.text === '{}' &&
          ((given.status = 204), (given.text = ''), delete given.headers['content-type'])
        ),
    ),
  },
  {
    name: 'an event that can follow is not named',
    finds: /is not among/,
    spoiling: body(
      'GET',
      /callbacks$/,
      change<unknown[]>('callbacks', (old) => old.slice(1)),
    ),
  },
  {
    name: 'an event that cannot follow is named',
    finds: /\/callbacks\/\d\/name/,
    spoiling: body(
      'GET',
      /callbacks$/,
      change<unknown[]>('callbacks', (old) => [...old, { name: 'payment.unheard' }]),
    ),
  },
  { name: '0001 for an event that cannot follow', finds: /expected 0013/, spoiling: errors('0013', { code: '0001' }) },
  {
    name: 'a reset order that is still expired',
    finds: /state: expected \["pending"/,
    spoiling: body('PATCH', /reset$/, set('state.status', 'expired')),
  },
];

export const CALLBACKS_FAULTS: readonly FaultOfSection[] = [
  { name: 'a callback without a signature', finds: /chainside-signature/, deliveries: signature(() => undefined) },
  {
    name: 'a signature in hex',
    finds: /chainside-signature/,
    deliveries: signature((text) => Buffer.from(text, 'base64').toString('hex')),
  },
  { name: 'a signature of something else', finds: /chainside-signature/, deliveries: signature((text) => `A${text.slice(1)}`) },
  {
    name: 'a body that was laid out after it was signed',
    finds: /chainside-signature/,
    deliveries: each((one) => ({ ...one, body: `${one.body}\n` })),
  },
  {
    name: 'a body whose quotes are escaped by backslashes',
    finds: /not escaped/,
    deliveries: each((one) => ({ ...one, body: JSON.stringify(JSON.parse(one.body)) })),
  },
  { name: 'a callback without cancel_url', finds: /cancel_url/, deliveries: spoilt(drop('object.cancel_url')) },
  {
    name: 'a callback whose continue_url is null',
    finds: /continue_url/,
    deliveries: spoilt(set('object.continue_url', null)),
  },
  { name: 'a field too many in a callback', finds: /additional/, deliveries: spoilt(set('object.extra', 1)) },
  { name: 'a nonexistent event', finds: /event/, deliveries: spoilt(set('event', 'payment.done')) },
  { name: 'a nonexistent object_type', finds: /object_type/, deliveries: spoilt(set('object_type', 'order')) },
  {
    name: 'an event that does not fit the order',
    finds: /state\.status: expected/,
    deliveries: spoilt(set('event', 'payment.expired')),
  },
  { name: 'callbacks in another order', finds: /events in their order/, deliveries: (all) => [...all].reverse() },
  {
    name: 'a callback that never comes',
    finds: /events in their order/,
    deliveries: (all) => all.filter(({ body: text }) => !text.includes('"payment.overpaid"')),
  },
  { name: 'a callback that comes twice', finds: /events in their order/, deliveries: (all) => all.flatMap((one) => [one, one]) },
  { name: 'a callback by PUT', finds: /method/, deliveries: each((one) => ({ ...one, method: 'PUT' })) },
  {
    name: 'a callback as a form',
    finds: /Content-Type/,
    deliveries: each((one) => ({ ...one, headers: { ...one.headers, 'content-type': 'application/x-www-form-urlencoded' } })),
  },
];

export const CHAIN_FAULTS: readonly FaultOfSection[] = [
  {
    name: 'a partly paid order that is told as pending',
    finds: /blockchain_status: expected "partial"/,
    spoiling: read(change<string>('state.blockchain_status', (old) => (old === 'partial' ? 'pending' : old))),
  },
  {
    name: 'what is missing rounded to the nearest',
    finds: /fiat of paid/,
    spoiling: read((order) => {
      const { unpaid } = order['state'] as { unpaid: { crypto: number; fiat: string } };
      unpaid.fiat = partInFiat(unpaid.crypto, order['btc_amount'] as number, order['amount'] as string);
    }),
  },
  {
    name: 'what is in the mempool counts as paid',
    finds: /paid\.crypto/,
    spoiling: read(change<Json>('state', (old) => ({ ...old, paid: old['in_confirmation'], in_confirmation: old['paid'] }))),
  },
  { name: 'a dispute without its date', finds: /dispute_start_date/, spoiling: read(set('dispute_start_date', null)) },
];

export const SURROUNDINGS_FAULTS: readonly FaultOfSection[] = [
  { name: '1007 for a token that has run out', finds: /expected 1004/, spoiling: errors('1004', { code: '1007' }) },
  { name: '500 without a rate', finds: /expected 4003/, spoiling: errors('4003', { status: 500 }) },
  { name: 'no Retry-After while the store is down', finds: /Retry-After/, spoiling: header('retry-after', () => undefined) },
  { name: '500 while the store is down', finds: /expected 4006/, spoiling: errors('4006', { code: '4000', status: 500 }) },
  {
    name: 'a mistake that is told in other words',
    finds: /expected 4000/,
    spoiling: errors('4000', { code: '0001', status: 400 }),
  },
];
