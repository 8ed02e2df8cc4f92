/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { PanelForm } from '../frame/panel-page.tsx';
import type { OrderProps } from './order-props.ts';

/** What the viewer may do with the order in its present state. */
export function OrderActions({ view, words }: OrderProps): VNode | null {
  const { can, viewer, order } = view;
  const may = (permission: string): boolean => viewer.permissions.includes(permission);
  const actions = [
    can.cancel && may('orders.cancel') && <Cancel view={view} words={words} />,
    can.settle && may('orders.decide') && <Decide action="settle" view={view} words={words} />,
    can.refuse && may('orders.decide') && <Decide action="refuse" view={view} words={words} />,
  ].filter((action) => action !== false);
  return (
    // Replaced as a whole when the state changes, unless somebody is writing a reason.
    <div id="actions" data-live data-state={`${order.status} ${order.attention?.kind ?? ''}`}>
      {actions.length > 0 && (
        <section class="stack no-print" aria-labelledby="actions-title">
          <h2 id="actions-title">{words.text('actions')}</h2>
          {actions}
        </section>
      )}
    </div>
  );
}

function Cancel({ view, words }: OrderProps): VNode {
  return (
    <details class="card act" id="cancel">
      <summary>{words.text('cancel')}</summary>
      <PanelForm frame={view} action={`/panel/orders/${view.order.uuid}/cancel`}>
        <p>{words.text('cancel_more')}</p>
        <p class="buttons">
          <button type="submit">{words.text('cancel_yes')}</button>
        </p>
      </PanelForm>
    </details>
  );
}

const MAX_REASON = 300;

function Decide({ action, view, words }: OrderProps & { action: 'settle' | 'refuse' }): VNode {
  return (
    <details class="card act" id={action}>
      <summary>{words.text(action)}</summary>
      <PanelForm frame={view} action={`/panel/orders/${view.order.uuid}/${action}`}>
        <p>{words.text(`${action}_more`)}</p>
        <label for={`${action}-reason`}>{words.text('reason')}</label>
        <input id={`${action}-reason`} name="reason" required maxLength={MAX_REASON} autocomplete="off" />
        <p class="buttons">
          <button type="submit">{words.text(action)}</button>
        </p>
      </PanelForm>
    </details>
  );
}
