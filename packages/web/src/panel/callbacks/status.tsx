/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { CallbackStatus } from './view.ts';

export const STATUS_NAMES: Readonly<Record<CallbackStatus, string>> = {
  waiting: 'Waiting',
  delivered: 'Delivered',
  failed: 'Not delivered',
  not_wanted: 'No URL',
};

const TONES: Readonly<Record<CallbackStatus, string>> = {
  waiting: 'heed',
  delivered: 'good',
  failed: 'bad',
  not_wanted: 'plain',
};

/** The state of a delivery in a word. */
export function Status({ status }: { status: CallbackStatus }): VNode {
  return <span class={`badge ${TONES[status]}`}>{STATUS_NAMES[status]}</span>;
}
