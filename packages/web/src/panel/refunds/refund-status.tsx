/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { RefundText } from './texts/en.ts';
import type { PanelRefundStatus } from './view.ts';

export const REFUND_STATUS_TEXTS: Readonly<Record<PanelRefundStatus, RefundText>> = {
  requested: 'status_requested',
  approved: 'status_approved',
  seen: 'status_seen',
  confirmed: 'status_confirmed',
  cancelled: 'status_cancelled',
  refused: 'status_refused',
};

const TONES: Readonly<Record<PanelRefundStatus, string>> = {
  requested: 'heed',
  approved: 'heed',
  seen: 'heed',
  confirmed: 'good',
  cancelled: 'plain',
  refused: 'plain',
};

/** The state of a refund in a word. */
export function RefundStatus({ status, text }: { status: PanelRefundStatus; text: (key: RefundText) => string }): VNode {
  return <span class={`badge ${TONES[status]}`}>{text(REFUND_STATUS_TEXTS[status])}</span>;
}
