/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { Verbatim, Words } from '../../page/verbatim.tsx';
import { PanelForm } from '../frame/panel-page.tsx';
import type { OrderProps } from './order-props.ts';
import type { OrderCallbackView } from './view.ts';

const TONES: Readonly<Record<OrderCallbackView['status'], string>> = {
  waiting: 'heed',
  delivered: 'good',
  failed: 'bad',
  not_wanted: 'plain',
};

/** The events of the order and how their delivery stands. */
export function OrderCallbacks({ view, words }: OrderProps): VNode {
  const { callbacks, basePath, viewer, order } = view;
  const [mayRead, maySend] = ['callbacks.read', 'callbacks.redeliver'].map((one) => viewer.permissions.includes(one));
  return (
    <section class="card no-print" aria-labelledby="callbacks-title">
      <h2 id="callbacks-title">{words.text('callbacks')}</h2>
      {callbacks.length === 0 && <p class="empty">{words.text('no_callbacks')}</p>}
      <ul class="timeline">
        {callbacks.map(({ uuid, event, status, attempts }) => (
          <li key={uuid}>
            {mayRead === true ? (
              <a id={`callback-${uuid}`} href={`${basePath}/panel/callbacks/${uuid}`}>
                <Verbatim>{event}</Verbatim>
              </a>
            ) : (
              <Verbatim>{event}</Verbatim>
            )}{' '}
            <span class={`badge ${TONES[status]}`}>{words.text(`cb_${status}`)}</span>
            {attempts > 0 && (
              <p class="facts">
                <span>
                  <Words of={words.phrase('attempts', { n: words.integer(attempts) })} />
                </span>
              </p>
            )}
            {maySend === true && status !== 'not_wanted' && (
              <PanelForm frame={view} action={`/panel/orders/${order.uuid}/redeliver`}>
                <input type="hidden" name="callback" value={uuid} />
                <button class="plain-button" id={`send-${uuid}`} type="submit" aria-describedby={`callback-${uuid}`}>
                  {words.text('send_again')}
                </button>
              </PanelForm>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
