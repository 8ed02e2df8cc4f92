/** The schemas of refunds in the panel's API. */
import { Type, type TSchema } from 'typebox';
import type { RefundJson } from '../../../contract/refund-json.ts';
import { REFUND_STATUSES } from '../../../refunds/refund.ts';
import {
  Decimal,
  described,
  FilledText,
  IsoDate,
  nullable,
  Satoshi,
  Uuid,
  WholeNumber,
  words,
} from '../../../http/openapi/values.ts';
import { exactly, type WireSchema } from '../../../http/openapi/wire-schema.ts';
import type { EndpointSchema } from '../openapi/endpoint-schema.ts';

/** Only the fields that this version answers with. */
const EXACT = { additionalProperties: false } as const;

const Status = words(REFUND_STATUSES, '`seen`: its payment has too few confirmations.');
const Output = Type.String({ pattern: '^[0-9a-f]{64}:\\d+$', description: 'An output, `txid:vout`.' });
const Rates = words(['satoshi', 'order', 'current'], 'In satoshi, or in fiat at the rate of the order or the present one.');

const REFUND = {
  uuid: Uuid,
  order: described(Uuid, 'The payment order.'),
  pos: described(Uuid, 'The POS of the order.'),
  status: Type.Unsafe<RefundJson['status']>(Status),
  requested_by: Type.Unsafe<RefundJson['requested_by']>(words(['buyer', 'merchant'])),
  requested_at: IsoDate,
  address: described(Type.String(), 'The destination; empty if it was erased, or changed outside WebPOS.'),
  reason: nullable(Type.String()),
  amount: nullable(Satoshi, 'Null until it is approved.'),
  priced: nullable(Type.Unsafe<NonNullable<RefundJson['priced']>>(Rates)),
  fiat: nullable(Decimal, 'The fiat amount that was converted.'),
  currency: nullable(Type.String()),
  rate: nullable(Decimal),
  approved_at: nullable(IsoDate),
  uri: nullable(Type.String(), 'A payment URI (BIP 321) while the refund is to be paid.'),
  payout: nullable(Output, 'The output that pays it.'),
  closed_at: nullable(IsoDate, 'When it was refused or cancelled.'),
};

const RefundSchema: WireSchema<RefundJson> = exactly<RefundJson>()(
  Type.Object(REFUND, { ...EXACT, $id: 'Refund', description: 'A refund of an order.' }),
);

const DecidedRefundSchema: TSchema = Type.Object(
  { ...REFUND, repeated: described(Type.Boolean(), 'Whether nothing was changed, because it had been done before.') },
  { ...EXACT, $id: 'DecidedRefund', description: 'A refund after a decision.' },
);

const RefundDetailsSchema: TSchema = Type.Object(
  {
    ...REFUND,
    received: described(Satoshi, 'The confirmed payments of the order.'),
    committed: described(Satoshi, 'All refunds of the order that are to be paid or are paid.'),
    left: described(Satoshi, 'What may still be approved.'),
    suggested: Satoshi,
    uncovered: described(Type.Boolean(), 'Whether payments were reverted, so that refunds exceed what was received.'),
    payouts: Type.Array(
      Type.Object(
        {
          output: Output,
          amount: Satoshi,
          first_seen_at: IsoDate,
          place: words(['mempool', 'block', 'missing', 'gone']),
          block_height: nullable(WholeNumber),
          refund: nullable(Uuid, 'The refund that it pays; null if that is unknown.'),
        },
        EXACT,
      ),
    ),
  },
  { ...EXACT, $id: 'RefundDetails', description: 'A refund with what decides on it.' },
);

const Reason = Type.Optional(Type.String({ maxLength: 300 }));

export const listRefunds: EndpointSchema = {
  operationId: 'listRefunds',
  summary: 'List refunds',
  description: 'The newest first. A token that sees some POS only must name one of them as `pos`.',
  query: Type.Object({
    pos: Type.Optional(Uuid),
    status: Type.Optional(Status),
    before: Type.Optional(described(Uuid, 'The `next` of the page before.')),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 25 })),
  }),
  answer: {
    description: 'One page.',
    schema: Type.Object({ refunds: Type.Array(RefundSchema), next: nullable(Uuid, 'Null on the last page.') }, EXACT),
  },
};

export const requestRefund: EndpointSchema = {
  operationId: 'requestRefund',
  summary: 'Request a refund',
  description: 'The same `uuid` sent twice makes one refund.',
  body: Type.Object({ order: Uuid, address: FilledText, uuid: Type.Optional(Uuid), reason: Reason }),
  answer: { description: 'The refund.', schema: RefundSchema },
  errors: ['3001'],
};

export const getRefund: EndpointSchema = {
  operationId: 'getRefund',
  summary: 'Read a refund',
  answer: { description: 'The refund.', schema: RefundDetailsSchema },
};

export const approveRefund: EndpointSchema = {
  operationId: 'approveRefund',
  summary: 'Approve a refund',
  description:
    'Fixes the amount: `amount` in satoshi, or in fiat with `at`. Without it, the suggested amount. Repeating it changes nothing.',
  body: Type.Object({ amount: Type.Optional(FilledText), at: Type.Optional(Rates) }),
  answer: { description: 'The refund.', schema: DecidedRefundSchema },
  errors: ['4003'],
};

export const cancelRefund: EndpointSchema = {
  operationId: 'cancelRefund',
  summary: 'Refuse or cancel a refund',
  body: Type.Object({ reason: Reason }),
  answer: { description: 'The refund.', schema: DecidedRefundSchema },
};

export const linkRefund: EndpointSchema = {
  operationId: 'linkRefund',
  summary: 'Say which output pays a refund',
  body: Type.Object({ output: Output }),
  answer: { description: 'The refund.', schema: RefundSchema },
};

export const refundPsbt: EndpointSchema = {
  operationId: 'makeRefundPsbt',
  summary: 'Make the unsigned transaction of a refund',
  body: Type.Object({ fee_rate: Type.Optional(described(FilledText, 'Whole satoshi per virtual byte, 1 to 1000.')) }),
  answer: {
    description: 'A PSBT (BIP 174, version 0).',
    schema: Type.Object(
      { uuid: Uuid, psbt: described(Type.String(), 'In base64.'), fee: Satoshi, change: Satoshi, inputs: WholeNumber },
      EXACT,
    ),
  },
};
