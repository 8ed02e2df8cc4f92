/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { Verbatim, Words } from '../../page/verbatim.tsx';
import { PanelForm } from '../frame/panel-page.tsx';
import type { OrderProps } from './order-props.ts';

/** The notes about the order, and the form for a new one. */
export function OrderNotes({ view, words }: OrderProps): VNode {
  const { notes, order, viewer, maxNote } = view;
  return (
    <section class="card" aria-labelledby="notes-title">
      <h2 id="notes-title">{words.text('notes')}</h2>
      <div id="notes" data-live>
        {notes.length === 0 ? (
          <p class="empty">{words.text('no_notes')}</p>
        ) : (
          <ul class="timeline">
            {notes.map(({ at, by, text }, index) => (
              <li key={index}>
                <p class="quoted">
                  <Verbatim>{text}</Verbatim>
                </p>
                <p class="facts">
                  <Words of={words.who(by)} />
                  <time dateTime={at}>{words.date(at)}</time>
                </p>
              </li>
            ))}
          </ul>
        )}
      </div>
      {viewer.permissions.includes('orders.note') && (
        <PanelForm class="stack no-print" frame={view} action={`/panel/orders/${order.uuid}/notes`}>
          <label for="new-note">{words.text('note')}</label>
          <textarea id="new-note" name="text" required maxLength={maxNote} aria-describedby="note-hint" />
          <p class="hint" id="note-hint">
            <Words of={words.phrase('note_hint', { max: words.integer(maxNote) })} />
          </p>
          <p class="buttons">
            <button type="submit">{words.text('add_note')}</button>
          </p>
        </PanelForm>
      )}
    </section>
  );
}
