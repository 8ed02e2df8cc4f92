/** The body of `PATCH /payment-order/{uuid}/test/`. */
import { CALLBACK_EVENTS, type CallbackEvent } from '@webpos/sdk/wire';
import { validationError } from '../services/contract-error.ts';

/** @throws ContractError 0001 when the body names no event of the contract. */
export function parseUpdate(body: unknown): CallbackEvent {
  const callback = typeof body === 'object' && body !== null && 'callback' in body ? body.callback : undefined;
  const event = CALLBACK_EVENTS.find((candidate) => candidate === callback);
  if (event === undefined) throw validationError({ callback: [`must be one of ${CALLBACK_EVENTS.join(', ')}`] });
  return event;
}
