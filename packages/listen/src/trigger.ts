import { type Client, isWebposError } from '@webpos/sdk';
import type { CallbackEvent } from '@webpos/sdk/wire';

/** The events to request from the sandbox, in sequence, to make an event happen to a new order. */
export const TRIGGERS: ReadonlyMap<CallbackEvent, readonly CallbackEvent[]> = new Map<CallbackEvent, readonly CallbackEvent[]>([
  ['payment.completed', ['payment.completed']],
  ['payment.overpaid', ['payment.overpaid']],
  ['payment.cancelled', ['payment.cancelled']],
  ['payment.expired', ['payment.expired']],
  ['payment.dispute.start', ['payment.completed', 'payment.dispute.start']],
  ['payment.dispute.end', ['payment.completed', 'payment.dispute.start', 'payment.dispute.end']],
  ['payment.transaction.changed', ['payment.transaction.changed']],
  ['payment.chargeback', ['payment.completed', 'payment.dispute.start', 'payment.chargeback']],
]);

/**
 * Creates an order in the sandbox, makes the event happen to it, and returns its UUID.
 *
 * @throws Error that says what to change, if the point of sale does not receive this event.
 */
export async function trigger(
  client: Client,
  { event, amount }: { readonly event: CallbackEvent; readonly amount: string },
  signal: AbortSignal,
): Promise<string> {
  const { uuid } = await client.createPaymentOrder({ amount, reference: 'webpos listen', required_confirmations: 1 }, { signal });
  for (const callback of TRIGGERS.get(event) ?? []) {
    try {
      await client.paymentUpdate(uuid, { callback }, { signal });
    } catch (error) {
      throw isUnwanted(callback, error) ? new Error(UNWANTED, { cause: error }) : error;
    }
  }
  return uuid;
}

const UNWANTED =
  '--trigger: this point of sale does not receive payment.transaction.changed, or the gateway cannot send it. ' +
  'To enable it: webpos pos update --client-id ID --transaction-changed yes';

/** Whether the sandbox refused the event because the point of sale does not receive it: for a new order there is no other reason. */
function isUnwanted(callback: CallbackEvent, error: unknown): boolean {
  return callback === 'payment.transaction.changed' && isWebposError(error) && error.name === 'InvalidCallbackError';
}
