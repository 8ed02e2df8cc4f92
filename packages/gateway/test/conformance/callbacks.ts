/** Checks the received callbacks: their bodies, signatures and order. */
import { createHash, createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallbackBody, CallbackEvent, PaymentOrderRetrieval } from '@webpos/sdk/wire';
import { CallbackBodySchema } from '../../src/api/schemas/order.ts';
import { checkOrder } from './order-rules.ts';
import type { Probe } from './probe.ts';
import type { Delivery, DeliveryLog } from './target.ts';

const TIMEOUT_MS = 5_000;

/** Waits for the callbacks of an order, and checks each of them. */
export async function checkCallbacks(
  probe: Probe,
  { deliveries }: DeliveryLog,
  secret: string,
  uuid: string,
  expected: readonly CallbackEvent[],
): Promise<void> {
  const where = `callbacks of ${expected.join(', ')}`;
  const mine = (): Delivery[] => deliveries.filter(({ body }) => body.includes(uuid));
  for (const end = Date.now() + TIMEOUT_MS; mine().length < expected.length && Date.now() < end;) await sleep(10);
  const bodies = mine().flatMap((delivery) => checkDelivery(probe, delivery, secret) ?? []);
  probe.same(
    where,
    'events in order',
    bodies.map(({ event }) => event),
    expected,
  );
  for (const { object } of bodies) probe.same(where, 'object.uuid', object.uuid, uuid);
  const dates = bodies.map(({ created_at }) => created_at);
  probe.same(where, 'created_at in order', dates, [...dates].sort());
}

function checkDelivery(probe: Probe, { method, headers, body }: Delivery, secret: string): CallbackBody | undefined {
  const where = 'a callback';
  probe.same(where, 'method', method, 'POST');
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) probe.found(where, `Content-Type: ${headers['content-type']}`);
  const key = createHash('sha256').update(secret).digest();
  const signature = createHmac('sha512', key).update(body).digest('base64');
  if (headers['chainside-signature'] !== signature)
    probe.found(where, `chainside-signature is not that of the body: ${headers['chainside-signature']}`);
  if (/\\["\\]|</.test(body)) probe.found(where, 'the body has a quote, a backslash or an angle bracket that is not escaped');
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    probe.found(where, 'the body is not JSON');
    return undefined;
  }
  if (!probe.holds(where, CallbackBodySchema, parsed)) return undefined;
  const callback = parsed as CallbackBody;
  checkOrder(probe, `${where} ${callback.event}`, callback.object);
  checkState(probe, callback.event, callback.object);
  return callback;
}

/** The statuses that an order may have in the callback of an event. */
const STATES: Readonly<Partial<Record<CallbackEvent, readonly string[]>>> = {
  'payment.completed': ['paid'],
  'payment.overpaid': ['paid', 'cancelled', 'expired', 'chargeback'],
  'payment.cancelled': ['cancelled'],
  'payment.expired': ['expired'],
  'payment.dispute.start': ['network_dispute'],
  'payment.dispute.end': ['paid'],
  'payment.chargeback': ['chargeback'],
};

function checkState(probe: Probe, event: CallbackEvent, order: PaymentOrderRetrieval): void {
  const expected = STATES[event];
  if (expected !== undefined && !expected.includes(order.state.status))
    probe.found(`a callback ${event}`, `state.status: expected ${expected.join(' or ')}, got ${order.state.status}`);
}
