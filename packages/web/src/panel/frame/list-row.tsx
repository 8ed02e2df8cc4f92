/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';

interface ListRowProps {
  /** Leads to the page of what the row is about. */
  href: string;
  title: ComponentChildren;
  status: VNode;
  /** What stands out, such as an amount. */
  amount?: VNode;
  facts: ComponentChildren;
  /** What follows the facts. */
  children?: ComponentChildren;
}

/** A row of a list of the panel, such as an order or a refund. */
export function ListRow({ href, title, status, amount, facts, children }: ListRowProps): VNode {
  return (
    <li>
      <a class="event" href={href}>
        {title}
      </a>
      {status}
      {amount}
      <p class="facts">{facts}</p>
      {children}
    </li>
  );
}
