/**
 * What the buttons of the sandbox's checkout page do: what a buyer with a wallet, a miner or a cheat would do to the order.
 */
import type { Txid } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { sats, type Sats } from '../../kernel/sats.ts';
import type { Order } from '../../orders/order.ts';
import { confirmationsOf, MIN_ORDER_AMOUNT, tally } from '../../orders/rules.ts';
import { readNow, transactionsOf, type OrderNow } from './read-now.ts';
import type { Sandbox, SandboxContext } from './sandbox.ts';

/**
 * `pay`: what is missing, and blocks that confirm it soon · `send`: what is missing, left to wait for a block · `send-more`:
 * 600 satoshi more than that · `mine`: a block · `replace`: the payment that waits, by one that pays the sender · `reorganize`:
 * the payment falls out of its block.
 */
export type SandboxButton = 'pay' | 'send' | 'send-more' | 'mine' | 'replace' | 'reorganize';

/** Less than this no wallet would send: the dust limit of the most common kind of output. */
export const MIN_PART: Sats = sats(546n);

/** The buttons that an order has a use for. */
export function usefulButtons({ order, tipHeight }: OrderNow, { chain }: Sandbox): SandboxButton[] {
  const { unpaid } = tally(order, tipHeight);
  const isOpen = order.state.status === 'pending' && unpaid > 0n;
  const depths = order.payments.map(({ place }) => confirmationsOf(place, tipHeight));
  return [
    ...(isOpen ? (['pay', 'send', 'send-more'] as const) : []),
    'mine',
    ...(depths.includes(0) ? (['replace'] as const) : []),
    ...(depths.some((depth = 0) => depth > 0 && depth <= chain.maxReorganisationDepth) ? (['reorganize'] as const) : []),
  ];
}

/** The most that is only a part of what is missing; undefined where a part would be too small to be sent. */
export function maxPart({ order, tipHeight }: OrderNow): Sats | undefined {
  const { unpaid } = tally(order, tipHeight);
  return order.state.status === 'pending' && unpaid > MIN_PART ? sats(unpaid - 1n) : undefined;
}

/** @returns false when the order has no use for it any more, and nothing was done. */
export async function pressButton(
  context: SandboxContext,
  sandbox: Sandbox,
  id: OrderId,
  button: SandboxButton,
): Promise<boolean> {
  return sandbox.inTurn(id, async () => {
    const now = await readNow(context, sandbox, id);
    if (!usefulButtons(now, sandbox).includes(button)) return false;
    await press(sandbox, now, button);
    await sandbox.caughtUp();
    return true;
  });
}

/** Sends a part of what is missing. @returns false when it is too little or no part, and nothing was sent. */
export async function sendPart(context: SandboxContext, sandbox: Sandbox, id: OrderId, amount: bigint): Promise<boolean> {
  return sandbox.inTurn(id, async () => {
    const now = await readNow(context, sandbox, id);
    const most = maxPart(now);
    if (most === undefined || amount < MIN_PART || amount > most) return false;
    await sandbox.chain.pay(now.order.terms.script, sats(amount));
    await sandbox.caughtUp();
    return true;
  });
}

async function press(sandbox: Sandbox, { order, tipHeight }: OrderNow, button: SandboxButton): Promise<void> {
  const { chain } = sandbox;
  const { script, requiredConfirmations } = order.terms;
  const { unpaid } = tally(order, tipHeight);
  switch (button) {
    case 'pay':
      await chain.pay(script, unpaid);
      return sandbox.hurry(requiredConfirmations);
    case 'send':
      await chain.pay(script, unpaid);
      return;
    case 'send-more':
      await chain.pay(script, sats(unpaid + MIN_ORDER_AMOUNT));
      return;
    case 'mine':
      await chain.mine({ first: transactionsOf(order) });
      return;
    case 'replace':
      for (const txid of waiting(order)) await chain.replace(txid, []);
      return;
    case 'reorganize':
      return chain.displace(transactionsOf(order), 'held');
  }
}

function waiting({ payments }: Order): Txid[] {
  return [...new Set(payments.filter(({ place }) => place.kind === 'mempool').map(({ outPoint }) => outPoint.txid))];
}
