/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { Words } from '../../page/verbatim.tsx';
import type { OrderWords } from './order-words.ts';
import type { OrderStatusName, PanelAttention } from './view.ts';

const TONES: Readonly<Record<OrderStatusName, string>> = {
  pending: 'plain',
  partial: 'heed',
  mempool_unconfirmed: 'heed',
  unconfirmed: 'heed',
  paid: 'good',
  cancelled: 'plain',
  expired: 'plain',
  network_dispute: 'bad',
  mempool_network_dispute: 'bad',
  possible_chargeback: 'bad',
  chargeback: 'bad',
};

export const STATUSES = Object.keys(TONES) as readonly OrderStatusName[];

export function OrderStatus({ status, words }: { status: OrderStatusName; words: OrderWords }): VNode {
  return <span class={`badge ${TONES[status]}`}>{words.text(`st_${status}`)}</span>;
}

/** What needs attention, and why. */
export function Attention({ attention, words }: { attention: PanelAttention; words: OrderWords }): VNode {
  const { kind, amountBtc } = attention;
  return (
    <p class="attention">
      <span class="badge bad">{words.text(`at_${kind}`)}</span>{' '}
      <Words of={words.phrase(`why_${kind}`, { amount: words.bitcoin(amountBtc) })} />
    </p>
  );
}
