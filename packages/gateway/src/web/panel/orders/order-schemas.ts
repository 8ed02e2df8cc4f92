/** The schemas of orders in the panel's API. */
import { BLOCKCHAIN_STATUSES, CALLBACK_EVENTS, ORDER_STATUSES } from '@webpos/sdk/wire';
import { Type } from 'typebox';
import { Decimal, described, Hash, IsoDate, nullable, Satoshi, Uuid, WholeNumber, words } from '../../../http/openapi/values.ts';
import { exactly, type WireSchema } from '../../../http/openapi/wire-schema.ts';
import type { OrderSummary } from '../../../services/orders/order-json.ts';
import type { EndpointSchema } from '../openapi/endpoint-schema.ts';

/** Only the fields that this version answers with. */
const EXACT = { additionalProperties: false } as const;

const Attention = words(['late', 'partial', 'surplus', 'disputed'], 'Why it needs attention.');
const OrderStatus = words(ORDER_STATUSES);
const ChainStatus = words(BLOCKCHAIN_STATUSES);

const SUMMARY = {
  uuid: Uuid,
  pos: described(Uuid, 'Its POS.'),
  amount: described(Decimal, 'The price.'),
  currency: Type.String({ description: 'Of the price.', examples: ['EUR'] }),
  btc_amount: Satoshi,
  received: described(Satoshi, 'What was seen, in satoshi.'),
  surplus: described(Satoshi, 'The confirmed satoshi beyond what the order may keep.'),
  address: nullable(Type.String(), 'Its bitcoin address; null if what is stored is not authentic.'),
  status: Type.Unsafe<string>(OrderStatus),
  blockchain_status: Type.Unsafe<string>(ChainStatus),
  attention: Type.Unsafe<string | null>(nullable(Attention, 'Null if it needs none.')),
  reference: nullable(Type.String()),
  created_at: IsoDate,
  expiration_time: IsoDate,
};

const OrderSummarySchema: WireSchema<OrderSummary> = exactly<OrderSummary>()(
  Type.Object(SUMMARY, { ...EXACT, $id: 'OrderSummary', description: 'An order in a list.' }),
);

const NoteSchema = Type.Object(
  { uuid: Uuid, at: IsoDate, author: Type.String(), text: Type.String({ description: 'Empty once it was erased.' }) },
  { ...EXACT, $id: 'OrderNote', description: 'A note about an order.' },
);

const PaymentSchema = Type.Object(
  {
    txid: Hash,
    vout: WholeNumber,
    amount: Satoshi,
    first_seen_at: IsoDate,
    place: words(['mempool', 'block', 'missing', 'gone'], '`missing`: no longer known to the node. `gone`: reverted.'),
    block_height: nullable(WholeNumber),
    block_hash: nullable(Hash),
    counted: Type.Boolean({ description: 'Whether an event has reported it as confirmed.' }),
    missing_since: nullable(IsoDate),
    gone_reason: nullable(Type.String()),
    replaced_by: nullable(Hash),
  },
  { ...EXACT, $id: 'OrderPayment', description: 'An output that pays the address of an order.' },
);

const DecisionSchema = Type.Object(
  {
    at: IsoDate,
    actor: Type.String(),
    action: words(['settle', 'refuse']),
    reason: Type.String(),
    before: OrderStatus,
    after: OrderStatus,
    received: Satoshi,
  },
  { ...EXACT, $id: 'ManualDecision', description: 'A manual decision about an order.' },
);

const OrderDetailsSchema = Type.Object(
  {
    ...SUMMARY,
    account: Uuid,
    address_index: WholeNumber,
    rate: Type.Object({ source: Type.String(), value: Decimal, created_at: IsoDate }, EXACT),
    required_confirmations: WholeNumber,
    tolerance: Satoshi,
    details: nullable(Type.String()),
    callback_url: nullable(Type.String()),
    continue_url: nullable(Type.String()),
    cancel_url: nullable(Type.String()),
    surplus_reported: Satoshi,
    transitions: Type.Array(Type.Object({ status: OrderStatus, at: IsoDate }, EXACT)),
    covered_at: nullable(IsoDate, 'When the whole amount was first seen.'),
    payments: Type.Array(PaymentSchema),
    settled_manually: nullable(
      Type.Object({ seen: Satoshi, confirmed: Satoshi }, EXACT),
      'What the order must keep since it was settled manually.',
    ),
    history: Type.Array(DecisionSchema),
    events: Type.Array(
      Type.Object(
        {
          callback: Uuid,
          event: words(CALLBACK_EVENTS),
          created_at: IsoDate,
          delivery: words(['waiting', 'delivered', 'failed', 'not_wanted']),
          attempts: WholeNumber,
        },
        EXACT,
      ),
    ),
    notes: Type.Array(NoteSchema),
    refund_requested: nullable(
      Type.Object(
        {
          address: Type.String(),
          at: IsoDate,
          verified: described(
            Type.Boolean(),
            'Whether it is an authentic refund. Otherwise an earlier version stored the address, and nothing proves that it is the buyer’s.',
          ),
        },
        EXACT,
      ),
      'Where the buyer asked to be refunded.',
    ),
  },
  { ...EXACT, $id: 'OrderDetails', description: 'Everything that is stored about an order.' },
);

const StateSchema = Type.Object({ uuid: Uuid, status: OrderStatus }, EXACT);
const STATE_ANSWER = { description: 'Its state.', schema: StateSchema };
const Reason = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 300, description: 'In one line.' }) });

export const listOrders: EndpointSchema = {
  operationId: 'listOrders',
  summary: 'List and search orders',
  description: 'The newest first, of all POS that the token sees.',
  query: Type.Object({
    search: Type.Optional(
      Type.String({
        maxLength: 300,
        description:
          'A UUID or its first eight characters, a reference, an address, a transaction id, or an amount: `10.00` or `10.00 EUR` as ' +
          'ordered, `16667` or `0.00016667 BTC` as received.',
      }),
    ),
    status: Type.Optional(ChainStatus),
    pos: Type.Optional(Uuid),
    since: Type.Optional(described(IsoDate, 'Only orders created at this time or later.')),
    until: Type.Optional(described(IsoDate, 'Only orders created before this time.')),
    needs_attention: Type.Optional(words(['true', 'false'])),
    before: Type.Optional(described(Uuid, 'The `older` of another page.')),
    after: Type.Optional(described(Uuid, 'The `newer` of another page.')),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 25 })),
  }),
  answer: {
    description: 'One page.',
    schema: Type.Object(
      {
        orders: Type.Array(OrderSummarySchema),
        older: nullable(Uuid, 'The value of `before` for the next page; null on the last.'),
        newer: nullable(Uuid, 'The value of `after` for the previous page; null on the first.'),
        is_cut_off: Type.Boolean({ description: 'Whether the search ended before the page was full. It goes on with `older`.' }),
      },
      EXACT,
    ),
  },
};

export const showOrder: EndpointSchema = {
  operationId: 'getOrderDetails',
  summary: 'Read an order',
  answer: { description: 'The order.', schema: OrderDetailsSchema },
};

export const cancelOrder: EndpointSchema = {
  operationId: 'cancelOrderManually',
  summary: 'Cancel an order',
  description: 'Does nothing if it is cancelled already.',
  answer: STATE_ANSWER,
};

export const settleOrder: EndpointSchema = {
  operationId: 'settleOrder',
  summary: 'Accept what an order has received as its whole payment',
  body: Reason,
  answer: STATE_ANSWER,
};

export const refuseOrder: EndpointSchema = {
  operationId: 'refuseOrder',
  summary: 'Close an order without accepting what it has received',
  body: Reason,
  answer: STATE_ANSWER,
};

export const listNotes: EndpointSchema = {
  operationId: 'listOrderNotes',
  summary: 'List the notes about an order',
  answer: { description: 'The oldest first.', schema: Type.Object({ notes: Type.Array(NoteSchema) }, EXACT) },
};

export const addNote: EndpointSchema = {
  operationId: 'addOrderNote',
  summary: 'Add a note to an order',
  description: 'Notes cannot be changed or deleted.',
  body: Type.Object({ text: Type.String({ minLength: 1, maxLength: 2_000 }) }),
  answer: { description: 'The note.', schema: NoteSchema },
};
