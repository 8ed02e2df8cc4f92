import { CALLBACK_EVENTS, type CallbackBody, type CallbackEvent } from '../wire/index.ts';
import { CallbackError } from './callback-error.ts';

/** A callback of an event that this version knows, one member for each. */
export type KnownCallback = { [Event in CallbackEvent]: CallbackBody & { event: Event } }[CallbackEvent];

/** A callback of an event that a later version of the platform may send. */
export type UnknownCallback = Omit<CallbackBody, 'event'> & { event: string & Record<never, never> };

/** A callback whose signature was right. Tell them apart by `event`, and let those that you do not know pass. */
export type ReceivedCallback = KnownCallback | UnknownCallback;

/**
 * Says whether this version knows a callback's event, and narrows the type to those that it knows.
 *
 * @example
 * if (!isKnownCallback(callback)) return; // acknowledged, and ignored
 * switch (callback.event) {
 *   case 'payment.completed': ...
 * }
 */
export function isKnownCallback(callback: ReceivedCallback): callback is KnownCallback {
  return CALLBACK_EVENTS.some((event) => event === callback.event);
}

/** Reads a body whose signature was right. */
export function parseCallback(body: Uint8Array): ReceivedCallback {
  const value = parseJson(body);
  const wrong = firstWrongField(value);
  if (wrong === undefined) return value as ReceivedCallback;
  throw new CallbackError('not_a_callback', `the signature is right, but the body is not a callback: ${wrong}`);
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // Without the cause: what JSON.parse throws quotes the body, which may hold what no log should.
    throw new CallbackError('not_json', 'the signature is right, but the body is not JSON in UTF-8');
  }
}

function firstWrongField(value: unknown): string | undefined {
  if (!isRecord(value)) return 'expected a JSON object';
  if (typeof value['event'] !== 'string') return 'event: expected a string';
  if (typeof value['created_at'] !== 'string') return 'created_at: expected a string';
  if (value['object_type'] !== 'payment_order') return 'object_type: expected "payment_order"';
  const order = value['object'];
  if (!isRecord(order)) return 'object: expected a payment order';
  if (typeof order['uuid'] !== 'string') return 'object.uuid: expected a string';
  return isRecord(order['state']) ? undefined : 'object.state: expected an object';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
