/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';

import type { PanelNote } from './view.ts';

/** Says what came of a button. */
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
      return ['good', 'It is due now: sent within seconds, or within a minute to an endpoint that keeps failing.'];
    case 'waits':
      return [
        'heed',
        <>
          It is due now. The events of an order go out in their order, so it waits for{' '}
          <a href={`${basePath}/panel/callbacks/${note.forUuid}`}>an earlier one</a>.
        </>,
      ];
    case 'busy':
      return ['heed', 'An event of its order is being sent at this moment: try again in half a minute.'];
    case 'not_wanted':
      return ['bad', 'Nobody asked for it: there is no URL to send it to.'];
    case 'many': {
      const busy = note.busy === 0 ? '' : ` ${note.busy} more could not be, since an event of their order is being sent.`;
      return note.due + note.busy === 0
        ? ['heed', 'Nothing was given up in that time.']
        : ['good', `${note.due} that were given up are due now.${busy}`];
    }
    case 'test':
      return note.error === null
        ? ['good', `${note.url} acknowledged the test event with ${note.status} after ${note.durationMs} ms.`]
        : ['bad', `${note.url} did not take the test event: ${note.error}.`];
    case 'no_url':
      return ['bad', 'That POS has no callback URL, so there is nowhere to send a test event to.'];
    case 'stale':
      return ['heed', 'Nothing was done: the page was older than your session. Try again.'];
  }
}
