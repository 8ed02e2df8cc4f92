/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';

import type { PanelNote } from './view.ts';

/** Reports the outcome of a button. */
export function Note({ note, basePath }: { note: PanelNote | null; basePath: string }): VNode | null {
  if (note === null) return null;
  const [tone, text] = wordsOf(note, basePath);
  return (
    <p class={`note ${tone}`} role="status">
      {text}
    </p>
  );
}

function wordsOf(note: PanelNote, basePath: string): [tone: 'good' | 'bad' | 'heed', text: ComponentChildren] {
  switch (note.kind) {
    case 'due':
      return ['good', 'Sending now: within seconds, or within a minute if the endpoint keeps failing.'];
    case 'waits':
      return [
        'heed',
        <>
          Sending soon. The events of an order are sent in sequence, so this one waits for{' '}
          <a href={`${basePath}/panel/callbacks/${note.forUuid}`}>an earlier one</a>.
        </>,
      ];
    case 'busy':
      return ['heed', 'Another event of this order is being sent right now. Try again in half a minute.'];
    case 'not_wanted':
      return ['bad', 'This order has no callback URL, so there is nowhere to send it.'];
    case 'damaged':
      return ['bad', 'What is stored of this callback is damaged, so it cannot be sent.'];
    case 'many': {
      const busy =
        note.busy === 0 ? '' : ` ${note.busy} could not be sent: another event of their order is being sent right now.`;
      const damaged = note.damaged === 0 ? '' : ` ${note.damaged} cannot be sent: what is stored of them is damaged.`;
      return note.due + note.busy + note.damaged === 0
        ? ['heed', 'Nothing to resend in that time.']
        : [note.damaged === 0 ? 'good' : 'bad', `${callbacksAre(note.due)} being sent again.${busy}${damaged}`];
    }
    case 'resending':
      return ['heed', `Resending: ${callbacksAre(note.due)} being sent again so far. Load this page again to see how far it is.`];
    case 'resent_partly':
      return ['bad', `Resending ended half-way: ${callbacksAre(note.due)} being sent again. Resend once more for the others.`];
    case 'test':
      return note.error === null
        ? ['good', `${note.url} acknowledged the test event with ${note.status} after ${note.durationMs} ms.`]
        : ['bad', `${note.url} did not acknowledge the test event: ${note.error}.`];
    case 'no_url':
      return ['bad', 'That POS has no callback URL, so there is nowhere to send a test event to.'];
    case 'stale':
      return ['heed', 'Nothing was done: this page was opened before you logged in. Try again.'];
  }
}

const callbacksAre = (count: number): string => (count === 1 ? '1 callback is' : `${count} callbacks are`);
