/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { CallbackStatus } from './view.ts';

export const STATUS_NAMES: Readonly<Record<CallbackStatus, string>> = {
  waiting: 'Waiting',
  delivered: 'Delivered',
  failed: 'Given up',
  not_wanted: 'No URL',
};

const TONES: Readonly<Record<CallbackStatus, string>> = {
  waiting: 'heed',
  delivered: 'good',
  failed: 'bad',
  not_wanted: 'plain',
};

/** What became of a callback, in a word. */
export function Status({ status }: { status: CallbackStatus }): VNode {
  return <span class={`badge ${TONES[status]}`}>{STATUS_NAMES[status]}</span>;
}
