/** The endpoints of the contract, in the order in which a shop needs them. */
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
      'OAuth 2 client credentials (RFC 6749, 4.4). Send client id and secret as `Authorization: Basic`, store the token, and use it until it expires. An expired token, or one whose secret has been replaced, gets 1004: log in again and repeat the request once.',
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
    summary: 'Create a payment order',
    description:
      'The amount in the currency of the POS is converted to satoshi at the current rate, rounded up, and the order gets an address of its own. Send the buyer to `redirect_url`, or show `uri` as a QR code.',
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
    description: 'Lists the orders of the POS in pages.',
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
    description: 'Returns the order with its present state.',
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
      'Cancels an order that is not resolved yet. A resolved order stays unchanged and gets the same response. Bitcoin that arrives later is still recorded and reported by `payment.overpaid`.',
    security: 'bearer',
    answer: {
      status: 200,
      description: 'Where to send the buyer now.',
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
    summary: 'Read events',
    description:
      'Returns every event of the POS in sequence, whether its callback was delivered or not, for a shop that was down or has no callback URL. Start without `after`, store `next`, and continue with it. No event is ever left out, and the events of an order are in sequence. A cursor from before the events that the gateway still stores gets 0001, with the cursor to resume after in `errors.resume_after`. To receive only new events, start with `after=end`, which returns no events, and the position of the newest one as `next`; while `has_more` is true, repeat it with that `next`.',
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
    summary: 'Request a test event',
    description:
      'Sends a signed `payment.expired` of an order that does not exist to the callback URL of the POS, once, and returns the outcome within 10 seconds. The event is not part of the feed.',
    security: 'bearer',
    answer: { status: 200, description: 'The outcome.', schema: TestEventSchema, example: TEST_EVENT },
    errors: [],
  },
  {
    method: 'get',
    path: '/payment-order/{uuid}/callbacks',
    operationId: 'listPossibleCallbacks',
    tag: 'Sandbox',
    summary: 'List the events that can be triggered now',
    description: 'Returns the events that can follow from the present state of the order. Sandbox only.',
    security: 'bearer',
    answer: { status: 200, description: 'The events.', schema: CallbackListSchema, example: POSSIBLE },
    errors: ['3001'],
  },
  {
    method: 'patch',
    path: '/payment-order/{uuid}/test/',
    operationId: 'triggerCallback',
    tag: 'Sandbox',
    summary: 'Trigger an event',
    description:
      'Changes the sandbox chain so that the event happens, and sends its callback. The trailing slash of the path is optional. Sandbox only.',
    security: 'bearer',
    body: { schema: PaymentUpdateSchema, example: UPDATE },
    answer: { status: 200, description: 'The event has happened.', schema: EmptySchema, example: {} },
    errors: ['3001', '0013'],
  },
  {
    method: 'patch',
    path: '/payment-order/{uuid}/test/reset',
    operationId: 'resetPaymentOrder',
    tag: 'Sandbox',
    summary: 'Reset an order to pending',
    description: 'Resets the order to its creation: nothing paid, and the full time to pay. Sandbox only.',
    security: 'bearer',
    answer: { status: 200, description: 'The order.', schema: PaymentOrderRetrievalSchema, example: RESET_ORDER },
    errors: ['3001'],
  },
];
