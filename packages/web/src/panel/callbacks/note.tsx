/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { Phrase } from '../../i18n/phrase.ts';
import { Words } from '../../page/verbatim.tsx';
import type { CallbackWords } from './callback-words.ts';
import type { PanelNote } from './view.ts';

interface NoteProps {
  note: PanelNote | null;
  basePath: string;
  words: CallbackWords;
}

/** Reports the outcome of a button. */
export function Note({ note, basePath, words }: NoteProps): VNode | null {
  if (note === null) return null;
  const { space } = words.reader.language;
  return (
    <p class={`note ${toneOf(note)}`} role="status">
      <Words of={sentencesOf(note, words).flatMap((sentence, at) => (at === 0 ? sentence : [space, ...sentence]))} />
      {note.kind === 'waits' && (
        <>
          {space}
          <a href={`${basePath}/panel/callbacks/${note.forUuid}`}>{words.text('earlier_event')}</a>
        </>
      )}
    </p>
  );
}

function toneOf(note: PanelNote): 'good' | 'bad' | 'heed' {
  switch (note.kind) {
    case 'due':
      return 'good';
    case 'waits':
    case 'busy':
    case 'resending':
    case 'stale':
      return 'heed';
    case 'many':
      if (note.damaged > 0) return 'bad';
      return note.due + note.busy === 0 ? 'heed' : 'good';
    case 'test':
      return note.error === null ? 'good' : 'bad';
    case 'not_wanted':
    case 'damaged':
    case 'resent_partly':
    case 'no_url':
      return 'bad';
  }
}

function sentencesOf(note: PanelNote, words: CallbackWords): readonly Phrase[] {
  const { text, phrase, counted, integer } = words;
  switch (note.kind) {
    case 'many': {
      const { due, busy, damaged } = note;
      if (due + busy + damaged === 0) return [[text('note_nothing')]];
      return [
        counted('note_sent', due),
        ...(busy === 0 ? [] : [counted('note_some_busy', busy)]),
        ...(damaged === 0 ? [] : [counted('note_some_damaged', damaged)]),
      ];
    }
    case 'resending':
    case 'resent_partly':
      return [counted('note_sent', note.due), [text(`note_${note.kind}`)]];
    case 'test': {
      const { url, status, durationMs, error } = note;
      if (error !== null) return [phrase('note_test_failed', { url, error })];
      return [phrase('note_test_ok', { url, status: String(status ?? ''), ms: integer(durationMs) })];
    }
    case 'due':
    case 'waits':
    case 'busy':
    case 'not_wanted':
    case 'damaged':
    case 'no_url':
    case 'stale':
      return [[text(`note_${note.kind}`)]];
  }
}
