import { CALLBACK_EVENTS, type CallbackBody, type CallbackEvent } from '../wire/index.ts';
import { CallbackError } from './callback-error.ts';
import { isCallback } from './is-callback.ts';

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
  return CALLBACK_EVENTS.includes(callback.event as CallbackEvent);
}

const DECODER = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true });

/** Reads a body whose signature was right. */
export function parseCallback(body: Uint8Array): ReceivedCallback {
  let value: unknown;
  try {
    value = JSON.parse(DECODER.decode(body));
  } catch {
    // Without the cause: what JSON.parse throws quotes the body, which may hold what no log should.
    throw new CallbackError('not_json', 'rightly signed, but not UTF-8 JSON');
  }
  if (isCallback(value)) return value;
  throw new CallbackError('not_a_callback', 'rightly signed, but not a callback');
}
