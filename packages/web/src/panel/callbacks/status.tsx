/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { CallbackWords } from './callback-words.ts';
import type { CallbackStatus } from './view.ts';

const TONES: Readonly<Record<CallbackStatus, string>> = {
  waiting: 'heed',
  delivered: 'good',
  failed: 'bad',
  not_wanted: 'plain',
};

export const STATUSES = Object.keys(TONES) as readonly CallbackStatus[];

/** The state of a delivery in a word. */
export function Status({ status, words }: { status: CallbackStatus; words: CallbackWords }): VNode {
  return <span class={`badge ${TONES[status]}`}>{words.text(`st_${status}`)}</span>;
}
