/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { Phrase } from '../../i18n/phrase.ts';
import { Verbatim, Words } from '../../page/verbatim.tsx';
import type { OrderProps } from './order-props.ts';
import type { OrderWords } from './order-words.ts';
import type { TimelineView } from './view.ts';

/** What happened to the order, the oldest first. */
export function OrderTimeline({ view, words }: OrderProps): VNode {
  return (
    <section class="card" aria-labelledby="timeline-title">
      <h2 id="timeline-title">{words.text('history')}</h2>
      <ol class="timeline">
        {view.timeline.map((entry, at) => (
          <li key={at}>
            <Words of={phraseOf(entry, words)} /> <time dateTime={entry.at}>{words.date(entry.at)}</time>
            {textOf(entry) !== '' && (
              <p class="quoted">
                <Verbatim>{textOf(entry)}</Verbatim>
              </p>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function phraseOf(entry: TimelineView, words: OrderWords): Phrase {
  const { phrase, text, who } = words;
  switch (entry.kind) {
    case 'seen':
      return phrase('tl_seen', { amount: words.bitcoin(entry.amountBtc) });
    case 'decided':
      return phrase(`tl_${entry.action}`, { who: who(entry.by) });
    case 'attempt': {
      const ms = words.integer(entry.durationMs);
      return entry.status === null
        ? phrase('tl_no_answer', { event: entry.event, ms })
        : phrase('tl_attempt', { event: entry.event, status: String(entry.status), ms });
    }
    case 'note':
      return phrase('tl_note', { who: who(entry.by) });
    case 'refund_requested':
      return phrase(entry.isVerified ? 'tl_refund_requested' : 'tl_refund_unverified', { address: entry.address });
    case 'action':
      if (entry.action === 'order.cancel') return phrase('tl_cancel_by', { who: who(entry.by) });
      if (entry.action === 'callback.redeliver') return phrase('tl_redeliver_by', { who: who(entry.by) });
      return phrase('tl_action', { action: entry.action, who: who(entry.by) });
    case 'created':
    case 'covered':
    case 'paid':
    case 'disputed':
    case 'charged_back':
    case 'expired':
    case 'cancelled':
      return [text(`tl_${entry.kind}`)];
  }
}

/** The words of a person. */
function textOf(entry: TimelineView): string {
  return entry.kind === 'decided' ? entry.reason : entry.kind === 'note' ? entry.text : '';
}
