/** @jsxRuntime automatic @jsxImportSource preact */
/**
 * The sandbox's own part of the checkout page: buttons for whatever can happen to the order, plain forms that work without
 * JavaScript. It is never rendered outside of the sandbox.
 */
import type { ComponentChildren, VNode } from 'preact';

import { formTarget } from './links.ts';
import type { SandboxAction, SandboxControls, SandboxEvent } from './view.ts';

export function SandboxPanel({ controls }: { controls: SandboxControls }): VNode | null {
  const { url, actions, events, part, note } = controls;
  const target = formTarget(url);
  if (target === null) return null;
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
      <summary id="sandbox-summary">Sandbox controls: no real bitcoin</summary>
      {note !== null && (
        <p class="sandbox-note" role="alert">
          {NOTES[note]}
        </p>
      )}
      <Group name="As the buyer, with play money" isEmpty={part === null && !BUYERS.some((name) => actions.includes(name))}>
        {press(['send', 'send-more'])}
        {part !== null && (
          <form class="sandbox-part" method="post" action={target}>
            <input type="hidden" name="action" value="send-part" />
            <label for="sandbox-sats">A part, in satoshi ({`${part.least} to ${part.most}`})</label>
            <input
              id="sandbox-sats"
              name="sats"
              type="number"
              inputmode="numeric"
              required
              min={part.least}
              max={part.most}
              step="1"
              value={part.half}
            />
            <button type="submit">Send a part</button>
          </form>
        )}
        {press(['replace'])}
      </Group>
      <Group name="As the network">{press(['mine', 'reorganize'])}</Group>
      <Group name="Bring about an event, with all that leads to it">
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
  send: 'Send exactly what is missing, unconfirmed',
  'send-more': 'Send 600 satoshi too much, unconfirmed',
  replace: 'Replace the payment by one that pays the shop nothing',
  mine: 'Mine a block',
  reorganize: 'Reorganise: the payment falls out of its block',
  reset: 'Begin afresh: nothing paid, and the whole time to pay',
};

const EVENTS: Readonly<Record<SandboxEvent, string>> = {
  'payment.completed': 'Pay and confirm',
  'payment.overpaid': 'Pay too much and confirm',
  'payment.cancelled': 'Cancel',
  'payment.expired': 'Let the time run out',
  'payment.dispute.start': 'Dispute: the payment loses its confirmations',
  'payment.dispute.end': 'End the dispute: it is confirmed again',
  'payment.chargeback': 'Charge back: its coins are spent elsewhere',
};

const NOTES: Readonly<Record<NonNullable<SandboxControls['note']>, string>> = {
  refused: 'That cannot follow any more: the order has moved on, and nothing was done.',
  amount: 'Nothing was sent: a part is a whole number of satoshi within the limits below.',
};

/** What a buyer can do; the amount of a part has a form of its own. */
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
