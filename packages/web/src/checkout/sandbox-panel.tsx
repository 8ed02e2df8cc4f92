/** @jsxRuntime automatic @jsxImportSource preact */
/** The sandbox's own part of the checkout page: a button for whatever can happen to the order, as plain forms without JavaScript. */
import type { ComponentChildren, VNode } from 'preact';

import type { Wording } from '../i18n/wording.ts';
import { formTarget, withChoices } from './links.ts';
import type { CheckoutView, SandboxAction, SandboxControls, SandboxEvent } from './view.ts';

interface SandboxPanelProps {
  view: CheckoutView;
  controls: SandboxControls;
  wording: Wording;
}

export function SandboxPanel({ view, controls, wording }: SandboxPanelProps): VNode | null {
  const { url, actions, events, part, note } = controls;
  const path = formTarget(url);
  if (path === null) return null;
  const target = withChoices(path, wording.language.tag, view.choices);
  const press = (names: readonly SandboxAction[]): VNode[] =>
    names
      .filter((name) => actions.includes(name))
      .map((name) => (
        <Press key={name} target={target} field="action" value={name}>
          {ACTIONS[name]}
        </Press>
      ));
  return (
    <details class="sandbox-panel" id="sandbox" lang="en" dir="ltr" open={controls.open}>
      <summary id="sandbox-summary">Sandbox controls</summary>
      {note !== null && (
        <p class="sandbox-note" role="alert">
          {NOTES[note]}
        </p>
      )}
      <Group name="Act as the buyer" isEmpty={part === null && !BUYERS.some((name) => actions.includes(name))}>
        {press(['send', 'send-more'])}
        {part !== null && (
          <form class="sandbox-part" method="post" action={target}>
            <input type="hidden" name="action" value="send-part" />
            <label for="sandbox-sats">Part payment in sat, {`${grouped(part.min)} to ${grouped(part.max)}`}</label>
            <input
              id="sandbox-sats"
              name="sats"
              type="number"
              inputmode="numeric"
              required
              min={part.min}
              max={part.max}
              step="1"
              value={part.half}
            />
            <button type="submit">Pay this part</button>
          </form>
        )}
        {press(['replace'])}
      </Group>
      <Group name="Act as the network">{press(['mine', 'reorganize'])}</Group>
      <Group name="Jump to an event, with everything that leads to it">
        {events.map((event) => (
          <Press key={event} target={target} field="event" value={event}>
            {EVENTS[event]} <code>{event}</code>
          </Press>
        ))}
        {press(['reset'])}
      </Group>
    </details>
  );
}

const ACTIONS: Readonly<Record<SandboxAction, string>> = {
  send: 'Pay the exact amount due (unconfirmed)',
  'send-more': 'Overpay by 600 sat (unconfirmed)',
  replace: 'Double-spend: replace the payment, the shop gets nothing',
  mine: 'Mine a block',
  reorganize: 'Reorganise: take the payment out of its block',
  reset: 'Reset: unpaid, full time left',
};

const EVENTS: Readonly<Record<SandboxEvent, string>> = {
  'payment.completed': 'Pay and confirm',
  'payment.overpaid': 'Pay too much and confirm',
  'payment.cancelled': 'Cancel',
  'payment.expired': 'Let it expire',
  'payment.dispute.start': 'Dispute: the payment loses its confirmations',
  'payment.dispute.end': 'End the dispute: the payment is confirmed again',
  'payment.chargeback': 'Charge back: the coins are spent elsewhere',
};

const NOTES: Readonly<Record<NonNullable<SandboxControls['note']>, string>> = {
  refused: 'Not possible any more: the order has changed meanwhile. Nothing was done.',
  amount: 'Nothing was sent. Enter a whole number within the limits.',
};

/** The buyer's actions; the part payment has a form of its own. */
const BUYERS: readonly SandboxAction[] = ['send', 'send-more', 'replace'];

function Group(props: { name: string; isEmpty?: boolean; children: ComponentChildren }): VNode | null {
  const { name, isEmpty = false, children } = props;
  if (isEmpty) return null;
  return (
    <fieldset>
      <legend>{name}</legend>
      {children}
    </fieldset>
  );
}

function Press(props: { target: string; field: 'action' | 'event'; value: string; children: ComponentChildren }): VNode {
  return (
    <form method="post" action={props.target}>
      <button type="submit" id={`sandbox-${props.value.replaceAll('.', '-')}`} name={props.field} value={props.value}>
        {props.children}
      </button>
    </form>
  );
}

/** `16667` as `16,667`: the panel is in English. */
function grouped(digits: string): string {
  return digits.replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
