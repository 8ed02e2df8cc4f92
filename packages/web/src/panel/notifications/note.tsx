/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';
import type { PanelWords } from '../frame/wording.ts';
import type { NotificationText } from './texts/en.ts';
import type { NotificationNote } from './view.ts';

interface NoteProps {
  readonly note: NotificationNote | null;
  readonly words: PanelWords<NotificationText>;
}

/** Reports the outcome of a button. */
export function NotificationNoteLine({ note, words }: NoteProps): VNode | null {
  if (note === null) return null;
  const isBad = note === 'stale' || note === 'too_many';
  return (
    <p class={`note ${isBad ? 'heed' : 'good'}`} role="status">
      {words.text(`note_${note}`)}
    </p>
  );
}
