/** The endpoints of the contract, in the order in which a shop meets them. */
import { CallbackListSchema, EmptySchema, PaymentUpdateSchema } from '../schemas/sandbox.ts';
import { ClientCredentialsSchema, LoginResponseSchema } from '../schemas/token.ts';
import { EventFeedSchema, EventsQuerySchema, TestEventSchema } from '../schemas/events.ts';
import { ListQuerySchema } from '../schemas/list-query.ts';
import { PaymentOrderCreationResponseSchema, PaymentOrderCreationSchema } from '../schemas/creation.ts';
import { PaymentOrderDeletionResponseSchema, PaymentOrderListSchema, PaymentOrderRetrievalSchema } from '../schemas/order.ts';
import type { Endpoint } from './endpoint.ts';
import {
  CREATED,
  CREATION,
  CREDENTIALS,
  DELETION,
  FEED,
  LIST,
  LOGIN,
  ORDER,
  POSSIBLE,
  RESET_ORDER,
  TEST_EVENT,
  UPDATE,
} from './examples.ts';

export const ENDPOINTS: readonly Endpoint[] = [
  {
    method: 'post',
    path: '/token',
    operationId: 'login',
    tag: 'Login',
    summary: 'Log in',
    description:
      'OAuth 2, client credentials (RFC 6749, 4.4). Send client id and secret as `Authorization: Basic`; keep the token and use it until it expires. An expired token, or one whose secret has been replaced, gets 1004 everywhere: log in again and repeat the request once.',
    security: 'basic',
    body: { schema: ClientCredentialsSchema, example: CREDENTIALS, form: true },
    answer: {
      status: 200,
      description: 'An access token.',
      schema: LoginResponseSchema,
      example: LOGIN,
      headers: ['Idempotency-Key-Honoured', 'Webpos-Mode', 'Cache-Control'],
    },
    errors: ['1001', '1002', '1013'],
  },
  {
    method: 'post',
    path: '/payment-order',
    operationId: 'createPaymentOrder',
    tag: 'Payment orders',
    summary: 'Make a payment order',
    description:
      'A price in the currency of the POS becomes satoshi at the rate of the moment, rounded up, and the order gets an address that no other has. Show the buyer `redirect_url`, or `uri` as a QR code.',
    security: 'bearer',
    requestHeaders: ['Idempotency-Key'],
    body: { schema: PaymentOrderCreationSchema, example: CREATION },
    answer: { status: 201, description: 'The order.', schema: PaymentOrderCreationResponseSchema, example: CREATED },
    errors: ['4003'],
  },
  {
    method: 'get',
    path: '/payment-order',
    operationId: 'listPaymentOrders',
    tag: 'Payment orders',
    summary: 'List payment orders',
    description: 'The orders of the POS that asks, by pages.',
    security: 'bearer',
    query: ListQuerySchema,
    answer: { status: 200, description: 'One page.', schema: PaymentOrderListSchema, example: LIST },
    errors: ['1012'],
  },
  {
    method: 'get',
    path: '/payment-order/{uuid}',
    operationId: 'getPaymentOrder',
    tag: 'Payment orders',
    summary: 'Read a payment order',
    description: 'How the order stands now, as the chain says.',
    security: 'bearer',
    answer: { status: 200, description: 'The order.', schema: PaymentOrderRetrievalSchema, example: ORDER },
    errors: ['3001'],
  },
  {
    method: 'delete',
    path: '/payment-order/{uuid}',
    operationId: 'deletePaymentOrder',
    tag: 'Payment orders',
    summary: 'Cancel a payment order',
    description:
      'Cancels an order that is not resolved yet; one that is stays as it is, and the answer is the same. Bitcoin that arrives later is recorded all the same, and reported by `payment.overpaid`.',
    security: 'bearer',
    answer: {
      status: 200,
      description: 'Where the buyer goes now.',
      schema: PaymentOrderDeletionResponseSchema,
      example: DELETION,
    },
    errors: ['3001'],
  },
  {
    method: 'get',
    path: '/events',
    operationId: 'readEvents',
    tag: 'Payment orders',
    summary: 'Read what has happened',
    description:
      'Every event of the POS in its order, delivered or not, for a shop that was down or has no callback URL. Begin without `after`, keep `next`, and go on behind it; nothing is ever left out, and the events of one order come in their order. A client that wants only what happens from now on begins with `after=end`, which answers no events and the position of the newest in `next`; while `has_more` is true, it asks again.',
    security: 'bearer',
    query: EventsQuerySchema,
    answer: { status: 200, description: 'One page.', schema: EventFeedSchema, example: FEED },
    errors: ['1012'],
  },
  {
    method: 'post',
    path: '/events/test',
    operationId: 'sendTestEvent',
    tag: 'Payment orders',
    summary: 'Be sent a test event',
    description:
      'Sends a signed `payment.expired` of a nonexistent order to the callback URL of the POS, once and now, and tells what came of it: within 10 seconds, whatever the endpoint does. It is no part of the feed.',
    security: 'bearer',
    answer: { status: 200, description: 'What came of it.', schema: TestEventSchema, example: TEST_EVENT },
    errors: [],
  },
  {
    method: 'get',
    path: '/payment-order/{uuid}/callbacks',
    operationId: 'listPossibleCallbacks',
    tag: 'Sandbox',
    summary: 'What can be triggered now',
    description: 'The events that can follow from where the order stands. In a sandbox only.',
    security: 'bearer',
    answer: { status: 200, description: 'The events.', schema: CallbackListSchema, example: POSSIBLE },
    errors: ['3001'],
  },
  {
    method: 'patch',
    path: '/payment-order/{uuid}/test/',
    operationId: 'triggerCallback',
    tag: 'Sandbox',
    summary: 'Bring an event about',
    description:
      'Makes happen on the sandbox chain what leads to the event, and sends its callback. With or without the slash at the end of the path. In a sandbox only.',
    security: 'bearer',
    body: { schema: PaymentUpdateSchema, example: UPDATE },
    answer: { status: 200, description: 'It happened.', schema: EmptySchema, example: {} },
    errors: ['3001', '0013'],
  },
  {
    method: 'patch',
    path: '/payment-order/{uuid}/test/reset',
    operationId: 'resetPaymentOrder',
    tag: 'Sandbox',
    summary: 'Put an order back to pending',
    description: 'As it was when it was made: nothing paid, and the whole time to pay. In a sandbox only.',
    security: 'bearer',
    answer: { status: 200, description: 'The order.', schema: PaymentOrderRetrievalSchema, example: RESET_ORDER },
    errors: ['3001'],
  },
];
