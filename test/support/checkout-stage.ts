/** A sandbox gateway that brings orders into every state of the checkout page by real causes. */
import type { Gateway, GatewayParts } from '@webpos/gateway';
import { Client, type PaymentOrderCreation } from '@webpos/sdk';
import { createSandboxPos } from '../../scripts/support/sandbox-pos.ts';
import { openSandboxGateway } from './sandbox-gateway.ts';

/** Every state that a buyer can see, with its headline in English. */
export const CHECKOUT_STATES = {
  pending: 'Waiting for your payment',
  partial: 'Partly paid',
  lost: 'Payment no longer visible',
  closing: 'Time is up',
  seen: 'Payment received',
  confirming: '1 of 3 confirmations',
  paid: 'Paid',
  overpaid: 'Paid, more than needed',
  expired: 'The time to pay has expired',
  short: 'Not paid in full in time',
  unsettled: 'Not confirmed in time',
  cancelled: 'Payment cancelled',
  late: 'Your payment arrived too late',
  'dispute-waiting': 'Waiting to be confirmed again',
  dispute: 'Being confirmed again',
  disputed: 'Completed payment no longer visible',
  chargeback: 'Payment did not go through',
} as const;

export type CheckoutStateName = keyof typeof CHECKOUT_STATES;

export const CHECKOUT_STATE_NAMES = Object.keys(CHECKOUT_STATES) as CheckoutStateName[];

export interface StagedOrder {
  readonly uuid: string;
  /** The URL of its checkout page. */
  readonly url: string;
}

export interface CheckoutStage extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly client: Client;
  newOrder(terms?: Partial<PaymentOrderCreation>): Promise<StagedOrder>;
  /** Creates an order in each state, in a sequence in which none disturbs another, because they share their blocks. */
  inEveryState(): Promise<Record<CheckoutStateName, StagedOrder>>;
  /** Creates an order in that state. */
  orderIn(state: CheckoutStateName, terms?: Partial<PaymentOrderCreation>): Promise<StagedOrder>;
  /** Presses buttons of the sandbox one after the other, such as `action=mine` or `event=payment.completed`. */
  press(order: StagedOrder, ...forms: string[]): Promise<void>;
  /** Lets the order's time end, without anything noticing yet. */
  endTime(order: StagedOrder): Promise<void>;
}

/** The default terms of orders. */
const TERMS: PaymentOrderCreation = {
  amount: '10.00',
  details: 'Two flat whites and a slice of almond cake',
  reference: 'Table 4',
  continue_url: 'https://shop.example/thanks',
  cancel_url: 'https://shop.example/basket',
  required_confirmations: 3,
};

const STEPS: Readonly<Record<CheckoutStateName, readonly string[]>> = {
  pending: [],
  partial: ['action=send-part&sats=10000'],
  lost: ['action=send', 'action=replace'],
  closing: [],
  seen: ['action=send'],
  confirming: ['action=send', 'action=mine'],
  paid: ['event=payment.completed'],
  overpaid: ['event=payment.overpaid'],
  expired: ['event=payment.expired'],
  short: ['action=send-part&sats=10000', 'event=payment.expired'],
  unsettled: ['action=send', 'event=payment.expired'],
  cancelled: ['event=payment.cancelled'],
  late: ['event=payment.expired'],
  'dispute-waiting': ['event=payment.completed', 'event=payment.dispute.start'],
  dispute: ['event=payment.completed', 'event=payment.dispute.start', 'action=mine'],
  disputed: ['event=payment.completed', 'event=payment.dispute.start', 'action=replace'],
  chargeback: ['event=payment.completed', 'event=payment.dispute.start', 'event=payment.chargeback'],
};

/** Blocks mined for other orders would change these; `closing` ends by itself. */
const LAST: readonly CheckoutStateName[] = ['dispute', 'confirming', 'seen', 'closing'];

/** @param settings the gateway's settings in addition to the defaults. */
export async function openCheckoutStage(
  settings: Readonly<Record<string, string>> = {},
  parts: GatewayParts = {},
): Promise<CheckoutStage> {
  const sandbox = await openSandboxGateway(settings, parts);
  const { gateway } = sandbox;
  const { clientId, secret } = await createSandboxPos(gateway, 1, { support: 'help@cafe.example' }, 'Corner Café');
  const client = new Client({ mode: 'sandbox', clientId, secret, baseUrl: gateway.url });

  const newOrder: CheckoutStage['newOrder'] = async (terms) => {
    const { uuid, redirect_url } = await client.createPaymentOrder({ ...TERMS, ...terms });
    return { uuid, url: redirect_url ?? '' };
  };
  const press: CheckoutStage['press'] = async ({ url }, ...forms) => {
    for (const body of forms) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await fetch(`${url}/sandbox`, { method: 'POST', body, headers, redirect: 'manual' });
      const back = answer.headers.get('location') ?? '';
      if (!back.includes('sandbox=done')) throw new Error(`${body}: expected to be done, got ${answer.status} ${back}`);
    }
  };
  const endTime: CheckoutStage['endTime'] = async ({ uuid }) => {
    const { store, clock } = gateway.context;
    const id = uuid as Parameters<typeof store.orders.get>[0];
    await store.transaction((tx) => tx.orders.reschedule(id, { expiresAt: clock.now() }, clock.now()));
  };
  /** Sends the whole amount to an order that has ended: the sandbox's own buttons send only a little more. */
  const payLate = async (order: StagedOrder): Promise<void> => {
    const { store } = gateway.context;
    const stored = await store.orders.get(order.uuid as Parameters<typeof store.orders.get>[0]);
    if (gateway.sandbox === undefined || stored === undefined) throw new Error('expected a sandbox that has the order');
    await gateway.sandbox.pay(stored.terms.script, stored.terms.amount);
    await press(order, 'action=mine');
  };
  const orderIn: CheckoutStage['orderIn'] = async (state, terms) => {
    const order = await newOrder(terms);
    await press(order, ...STEPS[state]);
    if (state === 'closing') await endTime(order);
    if (state === 'late') await payLate(order);
    return order;
  };
  return {
    gateway,
    client,
    newOrder,
    press,
    endTime,
    orderIn,
    inEveryState: async () => {
      const made: Partial<Record<CheckoutStateName, StagedOrder>> = {};
      const first = CHECKOUT_STATE_NAMES.filter((state) => !LAST.includes(state));
      for (const state of [...first, ...LAST]) made[state] = await orderIn(state);
      return made as Record<CheckoutStateName, StagedOrder>;
    },
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  };
}
