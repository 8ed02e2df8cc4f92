/** Performs the buttons of the sandbox's checkout page: what a buyer, a miner or a cheat would do. */
import type { Txid } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { sats, type Sats } from '../../kernel/sats.ts';
import type { Order } from '../../orders/order.ts';
import { confirmationsOf, MIN_ORDER_AMOUNT, tally } from '../../orders/rules.ts';
import { readNow, transactionsOf, type OrderNow } from './read-now.ts';
import type { Sandbox, SandboxContext } from './sandbox.ts';

/**
 * `pay`: sends the unpaid amount and mines blocks that confirm it soon · `send`: sends the unpaid amount · `send-more`: sends 600 satoshi
 * more than that · `mine`: mines a block · `replace`: replaces the unconfirmed payments by transactions that pay the sender ·
 * `reorganize`: removes the payments from their blocks.
 */
export type SandboxButton = 'pay' | 'send' | 'send-more' | 'mine' | 'replace' | 'reorganize';

/** The dust limit of the most common kind of output. No wallet sends less. */
export const MIN_PART: Sats = sats(546n);

/** Returns the buttons that have an effect on the order. */
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

/** The largest amount that is only a part of the unpaid one; undefined if a part would be too small. */
export function maxPart({ order, tipHeight }: OrderNow): Sats | undefined {
  const { unpaid } = tally(order, tipHeight);
  return order.state.status === 'pending' && unpaid > MIN_PART ? sats(unpaid - 1n) : undefined;
}

/** @returns False if the button has no effect on the order any more. Nothing was done then. */
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

/** Sends a part of the unpaid amount. @returns False if the amount is too small or too large. Nothing was sent then. */
export async function sendPart(context: SandboxContext, sandbox: Sandbox, id: OrderId, amount: bigint): Promise<boolean> {
  return sandbox.inTurn(id, async () => {
    const now = await readNow(context, sandbox, id);
    const max = maxPart(now);
    if (max === undefined || amount < MIN_PART || amount > max) return false;
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
      for (const txid of unconfirmed(order)) await chain.replace(txid, []);
      return;
    case 'reorganize':
      return chain.displace(transactionsOf(order), 'held');
  }
}

function unconfirmed({ payments }: Order): Txid[] {
  return [...new Set(payments.filter(({ place }) => place.kind === 'mempool').map(({ outPoint }) => outPoint.txid))];
}
