/** Stores the address to which a buyer wants a refund. The gateway sends nothing: the merchant sends it from the wallet. */
import type { Network } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { ZERO_SATS } from '../../kernel/sats.ts';
import { owedBack } from '../../orders/owed-back.ts';
import { ADDRESS_FORMATS } from '../../wallet/script/address-format.ts';
import { scriptOfAddress } from '../../wallet/script/script-of-address.ts';
import type { OrderChangeContext } from '../context.ts';

export type RefundOutcome =
  | 'stored'
  /** The order owes its buyer nothing. */
  | 'nothing_owed'
  /** Not an address. */
  | 'invalid'
  /** An address of another network. */
  | 'network'
  /** The order's own address. */
  | 'same';

/** @param text What the buyer entered: an address, or a payment URI that holds one. */
export async function requestRefund(
  context: Pick<OrderChangeContext, 'store' | 'clock' | 'ordersChanged'> & { readonly network: Network },
  id: OrderId,
  text: string,
): Promise<RefundOutcome> {
  const address = addressIn(text);
  const script = scriptOfAddress(address, context.network);
  const outcome = await context.store.transaction<RefundOutcome>(async (tx) => {
    const order = await tx.orders.lock(id);
    const tip = await tx.chain.tip();
    if (order === undefined || owedBack(order, tip?.height ?? 0) === ZERO_SATS) return 'nothing_owed';
    if (script === undefined) return isOfOtherNetwork(address) ? 'network' : 'invalid';
    if (script === order.terms.script) return 'same';
    const at = context.clock.now();
    await tx.refunds.put({ orderId: id, address, requestedAt: at });
    // One for each address: a buyer who repeats the request notifies nobody again.
    const notice = { id: `${id} refund ${address}`, at, posId: order.terms.posId, personId: null };
    await tx.notices.add([{ ...notice, facts: { kind: 'refund.requested', orderId: id } }]);
    return 'stored';
  });
  if (outcome === 'stored') context.ordersChanged([id]);
  return outcome;
}

/** Longer than any address or URI that a wallet copies. */
const MAX_CHARACTERS = 500;

/** Returns the address alone: bech32 in lower case (BIP 173), without the rest of a payment URI. */
function addressIn(text: string): string {
  const [, address = ''] = /^(?:bitcoin:)?([^?]*)/i.exec(text.slice(0, MAX_CHARACTERS).replaceAll(/\s/g, '')) ?? [];
  return /^[A-Z0-9]+$/.test(address) && BECH32.test(address) ? address.toLowerCase() : address;
}

const BECH32 = new RegExp(`^(?:${[...new Set(Object.values(ADDRESS_FORMATS).map(({ bech32 }) => bech32))].join('|')})1`, 'i');

function isOfOtherNetwork(address: string): boolean {
  return (Object.keys(ADDRESS_FORMATS) as Network[]).some((network) => scriptOfAddress(address, network) !== undefined);
}
