/** The body of `PATCH /payment-order/{uuid}/test/`. */
import { CALLBACK_EVENTS, type CallbackEvent } from '@webpos/sdk/wire';
import { ContractError, validationError } from '../../contract/contract-error.ts';

/** @throws ContractError 0001 when `callback` is missing or not a string; 0013 when it is not an event. */
export function parseUpdate(body: unknown): CallbackEvent {
  const callback = typeof body === 'object' && body !== null && 'callback' in body ? body.callback : undefined;
  const event = CALLBACK_EVENTS.find((candidate) => candidate === callback);
  if (event !== undefined) return event;
  if (typeof callback !== 'string') throw validationError({ callback: [`must be one of ${CALLBACK_EVENTS.join(', ')}`] });
  throw new ContractError(
    '0013',
    `callback: expected one of ${CALLBACK_EVENTS.join(', ')}, got ${JSON.stringify(callback.slice(0, 40))}`,
  );
}
