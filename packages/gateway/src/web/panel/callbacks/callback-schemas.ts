/** The schemas of callbacks and endpoints in the panel's API. */
import { CALLBACK_EVENTS } from '@webpos/sdk/wire';
import { Type } from 'typebox';
import type { AttemptSummary, CallbackSummary, EndpointSummary } from '../../../contract/callback-json.ts';
import { described, FilledText, IsoDate, nullable, Url, Uuid, WholeNumber, words } from '../../../http/openapi/values.ts';
import { exactly, type WireSchema } from '../../../http/openapi/wire-schema.ts';
import type { TestCallbackSummary } from '../../../services/callbacks/send-test-callback.ts';
import type { EndpointSchema } from '../openapi/endpoint-schema.ts';

/** Only the fields that this version answers with. */
const EXACT = { additionalProperties: false } as const;

const Status = words(['waiting', 'delivered', 'failed', 'not_wanted'], '`not_wanted`: the order has no callback URL.');

const SUMMARY = {
  uuid: described(Uuid, 'The id of the event: the same as in the header `webhook-id`.'),
  order: described(Uuid, 'The payment order.'),
  pos: described(Uuid, 'The POS of the order.'),
  event: Type.Unsafe<string>(words(CALLBACK_EVENTS)),
  sequence: described(WholeNumber, 'Its position among the events of its order, from 0.'),
  url: nullable(Url, 'Where it is sent to.'),
  created_at: IsoDate,
  status: Type.Unsafe<string>(Status),
  attempts: WholeNumber,
  next_attempt_at: nullable(IsoDate, 'Null while an earlier event of the order waits, and once the delivery has ended.'),
  ended_at: nullable(IsoDate),
  last_error: nullable(Type.String()),
};

const CallbackSchema: WireSchema<CallbackSummary> = exactly<CallbackSummary>()(
  Type.Object(SUMMARY, { ...EXACT, $id: 'Callback', description: 'An event of an order and its delivery.' }),
);

const AttemptSchema: WireSchema<AttemptSummary> = exactly<AttemptSummary>()(
  Type.Object(
    {
      at: IsoDate,
      duration_ms: WholeNumber,
      status: nullable(Type.Integer(), 'The HTTP status; null if there was no answer.'),
      response_excerpt: described(Type.String(), 'The beginning of the answer, or the error.'),
    },
    { ...EXACT, $id: 'Attempt', description: 'An attempt to deliver a callback.' },
  ),
);

const CallbackDetailsSchema = Type.Object(
  { ...SUMMARY, body: described(Type.String(), 'The body exactly as it is sent.'), log: Type.Array(AttemptSchema) },
  { ...EXACT, $id: 'CallbackDetails', description: 'A callback with its body and its attempts.' },
);

const EndpointSummarySchema: WireSchema<EndpointSummary> = exactly<EndpointSummary>()(
  Type.Object(
    {
      pos: Uuid,
      endpoint: described(Type.String(), 'The origin of the callback URLs.'),
      failing_since: nullable(IsoDate),
      failures: described(WholeNumber, 'Consecutive failures.'),
      waiting: described(WholeNumber, 'Orders that have a callback waiting, counted up to 1,000.'),
      next_attempt_at: nullable(IsoDate),
      last_error: nullable(Type.String()),
    },
    { ...EXACT, $id: 'Endpoint', description: 'An origin to which the callbacks of a POS are sent.' },
  ),
);

const RedeliverySchema = Type.Object(
  {
    state: words(['running', 'done', 'failed']),
    due: described(WholeNumber, 'Callbacks that are being sent again.'),
    busy: described(WholeNumber, 'Callbacks left out because another event of their order was being sent.'),
    damaged: described(WholeNumber, 'Callbacks left out because their stored body is damaged.'),
    started_at: IsoDate,
    ended_at: nullable(IsoDate),
    error: nullable(Type.String()),
  },
  { ...EXACT, $id: 'Redelivery', description: 'The redelivery of all callbacks that failed since a time.' },
);

const TestCallbackSchema: WireSchema<TestCallbackSummary> = exactly<TestCallbackSummary>()(
  Type.Object(
    {
      uuid: Uuid,
      url: Url,
      status: nullable(Type.Integer()),
      duration_ms: WholeNumber,
      error: nullable(FilledText, 'Why the event does not count as delivered; null if it does.'),
      response_excerpt: nullable(Type.String()),
    },
    { ...EXACT, $id: 'TestCallback', description: 'The outcome of a test event.' },
  ),
);

const Origin = Type.String({ description: 'A URL; only its origin counts.', examples: ['https://shop.example'] });

export const listEndpoints: EndpointSchema = {
  operationId: 'listEndpoints',
  summary: 'List endpoints',
  answer: {
    description: 'The endpoints of every POS that the token sees.',
    schema: Type.Object({ endpoints: Type.Array(EndpointSummarySchema) }, EXACT),
  },
};

export const listCallbacks: EndpointSchema = {
  operationId: 'listCallbacks',
  summary: 'List callbacks',
  description: 'The newest first. A token that sees some POS only must name one of them as `pos`.',
  query: Type.Object({
    order: Type.Optional(Uuid),
    pos: Type.Optional(Uuid),
    status: Type.Optional(Status),
    endpoint: Type.Optional(Origin),
    before: Type.Optional(described(Uuid, 'The `next` of the page before.')),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 25 })),
  }),
  answer: {
    description: 'One page.',
    schema: Type.Object(
      {
        callbacks: Type.Array(CallbackSchema),
        next: nullable(Uuid, 'The value of `before` for the next page; null on the last.'),
      },
      EXACT,
    ),
  },
};

export const showCallback: EndpointSchema = {
  operationId: 'getCallback',
  summary: 'Read a callback',
  answer: { description: 'The callback.', schema: CallbackDetailsSchema },
};

export const redeliverCallback: EndpointSchema = {
  operationId: 'redeliverCallback',
  summary: 'Send a callback again',
  answer: {
    description: 'It is sent within seconds, unless an earlier event of its order is waiting.',
    schema: Type.Object(
      {
        uuid: Uuid,
        order: Uuid,
        event: words(CALLBACK_EVENTS),
        blocked_by: nullable(Uuid, 'The earlier event that it waits for.'),
      },
      EXACT,
    ),
  },
};

export const showRedelivery: EndpointSchema = {
  operationId: 'getRedelivery',
  summary: 'Read the state of the last redelivery',
  answer: {
    description: 'Null if none was started since the gateway was.',
    schema: Type.Object({ redelivery: nullable(RedeliverySchema) }, EXACT),
  },
};

export const redeliverFailed: EndpointSchema = {
  operationId: 'redeliverFailed',
  summary: 'Send all failed callbacks again',
  body: Type.Object({
    failed_since: IsoDate,
    pos: Type.Optional(Uuid),
    endpoint: Type.Optional(Origin),
  }),
  answer: { description: 'The redelivery, which may go on after this answer.', schema: RedeliverySchema },
};

export const sendTestEvent: EndpointSchema = {
  operationId: 'sendTestEvent',
  summary: 'Send a test event',
  description: 'Sends an event to the callback URL of a POS, and waits for the answer.',
  body: Type.Object({ pos: Uuid }),
  answer: { description: 'The outcome.', schema: TestCallbackSchema },
  errors: ['3001'],
};
