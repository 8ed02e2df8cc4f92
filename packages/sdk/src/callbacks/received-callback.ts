import { CALLBACK_EVENTS, type CallbackBody, type CallbackEvent } from '../wire/index.ts';
import { CallbackError } from './callback-error.ts';
import { isCallback } from './is-callback.ts';

/** A callback of an event that this version knows; one union member per event. */
export type KnownCallback = { [Event in CallbackEvent]: CallbackBody & { event: Event } }[CallbackEvent];

/** A callback of an event that a later version of the platform may send. */
export type UnknownCallback = Omit<CallbackBody, 'event'> & { event: string & Record<never, never> };

/** A callback with a valid signature. Distinguish callbacks by `event`, and acknowledge those that you do not know. */
export type ReceivedCallback = KnownCallback | UnknownCallback;

/**
 * Returns whether this version knows a callback's event, and narrows the type to {@link KnownCallback}.
 *
 * @example
 * if (!isKnownCallback(callback)) return; // acknowledged and ignored
 * switch (callback.event) {
 *   case 'payment.completed': ...
 * }
 */
export function isKnownCallback(callback: ReceivedCallback): callback is KnownCallback {
  return CALLBACK_EVENTS.includes(callback.event as CallbackEvent);
}

const DECODER = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true });

/** Parses a body whose signature is valid. */
export function parseCallback(body: Uint8Array): ReceivedCallback {
  let value: unknown;
  try {
    value = JSON.parse(DECODER.decode(body));
  } catch {
    // Without the cause: the error of JSON.parse quotes the body, which may be confidential.
    throw new CallbackError('not_json', 'correctly signed, but not UTF-8 JSON');
  }
  if (isCallback(value)) return value;
  throw new CallbackError('not_a_callback', 'correctly signed, but not a callback');
}
