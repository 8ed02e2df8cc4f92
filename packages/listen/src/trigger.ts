import { type Client, isWebposError } from '@webpos/sdk';
import type { CallbackEvent } from '@webpos/sdk/wire';

/** What the sandbox is asked for, one after the other, until an order has had an event. */
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
 * Creates a sandbox order and drives it until it has had the event.
 *
 * @returns its UUID.
 * @throws Error that names the cure, when the point of sale is not sent the event.
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
  '--trigger: this point of sale does not ask for payment.transaction.changed, or the gateway cannot send it. ' +
  'To ask for it: webpos pos update --client-id ID --transaction-changed yes';

/** Whether a point of sale is not sent the event, which an order that was just created could have. */
function isUnwanted(callback: CallbackEvent, error: unknown): boolean {
  return callback === 'payment.transaction.changed' && isWebposError(error) && error.name === 'InvalidCallbackError';
}
