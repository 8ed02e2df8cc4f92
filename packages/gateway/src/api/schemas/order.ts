/** A payment order in responses and in callbacks. */
import { Type } from 'typebox';
import {
  CALLBACK_EVENTS,
  type CallbackBody,
  type CallbackPaymentOrder,
  type PaymentOrderDeletionResponse,
  type PaymentOrderList,
  type PaymentOrderRetrieval,
} from '@webpos/sdk/wire';
import { MAX_PAGE_SIZE } from './limits.ts';
import { CreatorSchema, CurrencySchema, PaymentOrderStateSchema, TransactionSchema } from './order-parts.ts';
import { RateSchema } from './rate.ts';
import {
  Address,
  Decimal,
  described,
  IsoDate,
  nullable,
  PaymentUri,
  Satoshi,
  Url,
  Uuid,
  WholeNumber,
  words,
} from '../../http/openapi/values.ts';
import { exactly, type WireSchema } from '../../http/openapi/wire-schema.ts';

const always = {
  uuid: Uuid,
  address: Address,
  uri: PaymentUri,
  amount: described(Decimal, 'The amount in fiat.'),
  btc_amount: described(Satoshi, 'The amount in satoshi.'),
  currency: CurrencySchema,
  rate: RateSchema,
  state: PaymentOrderStateSchema,
  transactions: nullable(
    Type.Array(TransactionSchema),
    'Every transaction that ever paid the order. This gateway never sends null.',
  ),
  required_confirmations: WholeNumber,
  created_at: IsoDate,
  created_by: CreatorSchema,
  expiration_time: IsoDate,
  expires_in: described(WholeNumber, 'Seconds until `expiration_time`; 0 after it.'),
  resolved_at: nullable(IsoDate, 'When the order was paid, cancelled or expired; null before.'),
  dispute_start_date: nullable(IsoDate),
  chargeback_date: nullable(IsoDate),
  reference: nullable(Type.String()),
};

export const PaymentOrderRetrievalSchema: WireSchema<PaymentOrderRetrieval> = exactly<PaymentOrderRetrieval>()(
  Type.Object(
    {
      ...always,
      details: Type.Optional(nullable(Type.String())),
      redirect_url: Type.Optional(nullable(Url, 'The checkout page.')),
      callback_url: Type.Optional(nullable(Url)),
    },
    { $id: 'PaymentOrderRetrieval', description: 'A payment order.', additionalProperties: false },
  ),
);

const CallbackPaymentOrderSchema: WireSchema<CallbackPaymentOrder> = exactly<CallbackPaymentOrder>()(
  Type.Object(
    {
      ...always,
      details: nullable(Type.String()),
      redirect_url: Url,
      callback_url: Url,
      continue_url: Url,
      cancel_url: Url,
    },
    {
      $id: 'CallbackPaymentOrder',
      description:
        'A payment order in a callback. All its URLs are present: the checkout page replaces those that it does not have.',
      additionalProperties: false,
    },
  ),
);

export const CallbackBodySchema: WireSchema<CallbackBody> = exactly<CallbackBody>()(
  Type.Object(
    {
      event: words(CALLBACK_EVENTS),
      created_at: IsoDate,
      object_type: Type.Literal('payment_order'),
      object: CallbackPaymentOrderSchema,
    },
    {
      $id: 'CallbackBody',
      description: 'The body of a callback, which is posted to the callback_url of the order.',
      additionalProperties: false,
    },
  ),
);

export const PaymentOrderListSchema: WireSchema<PaymentOrderList> = exactly<PaymentOrderList>()(
  Type.Object(
    {
      total_items: described(WholeNumber, 'The number of orders on all pages.'),
      total_pages: WholeNumber,
      paymentorders: Type.Array(PaymentOrderRetrievalSchema, { maxItems: MAX_PAGE_SIZE }),
    },
    { $id: 'PaymentOrderList', description: 'A page of the orders of the POS.', additionalProperties: false },
  ),
);

export const PaymentOrderDeletionResponseSchema: WireSchema<PaymentOrderDeletionResponse> =
  exactly<PaymentOrderDeletionResponse>()(
    Type.Object(
      { cancel_url: described(Url, 'Where to send the buyer now.') },
      { $id: 'PaymentOrderDeletionResponse', description: 'The order is cancelled.', additionalProperties: false },
    ),
  );
