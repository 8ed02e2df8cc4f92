/** Describes notices for a message, with what orders and POS are called at the moment. */
import { isoDate } from '../../kernel/clock.ts';
import type { OrderId, PosId } from '../../kernel/ids.ts';
import { sats, satsToBtc } from '../../kernel/sats.ts';
import type { Notice, NoticeFacts } from '../../notifications/notice.ts';
import type { NoticeText, NoticeView, OrderView } from '../../notifications/notice-view.ts';
import { formatFiatAmount } from '../../orders/fiat.ts';
import type { Order } from '../../orders/order.ts';
import type { StoreReads } from '../../store/ports/store.ts';

export async function describeNotices(
  store: Pick<StoreReads, 'orders' | 'pos'>,
  publicUrl: string,
  notices: readonly Notice[],
): Promise<NoticeView[]> {
  const orderIds = [...new Set(notices.flatMap(({ facts }) => ('orderId' in facts ? [facts.orderId] : [])))];
  const orders = new Map((await store.orders.getMany(orderIds)).map((order) => [order.terms.id, order]));
  const names = new Map<PosId, string>();
  for (const posId of new Set(notices.flatMap((notice) => notice.posId ?? []))) {
    const pos = await store.pos.get(posId);
    if (pos !== undefined) names.set(posId, pos.name);
  }
  return notices.map(({ id, at, posId, facts }) => {
    const name = posId === null ? undefined : names.get(posId);
    return {
      id,
      at: isoDate(at),
      kind: facts.kind,
      ...textOf(facts),
      pos: posId === null || name === undefined ? null : { uuid: posId, name: oneLine(name) },
      order: 'orderId' in facts ? orderView(facts.orderId, orders.get(facts.orderId)) : null,
      amount: 'sats' in facts ? satsToBtc(sats(BigInt(facts.sats))) : null,
      link: `${publicUrl}${pathOf(facts)}`,
    };
  });
}

function textOf(facts: NoticeFacts): { readonly text: NoticeText; readonly values: Readonly<Record<string, string>> } {
  switch (facts.kind) {
    case 'order.paid':
      return { text: 'order_paid', values: {} };
    case 'order.attention':
      return { text: `order_${facts.reason}`, values: {} };
    case 'payment.unassigned':
      return { text: 'payment_unassigned', values: { txid: facts.txid } };
    case 'refund.requested':
      return { text: 'refund_requested', values: {} };
    case 'endpoint.failing':
      return {
        text: `endpoint_${facts.state}`,
        values: { endpoint: facts.endpoint, since: isoDate(facts.since), error: oneLine(facts.error ?? '') },
      };
    case 'chain.trouble':
      switch (facts.state) {
        case 'troubled':
          return { text: 'chain_troubled', values: { since: isoDate(facts.since), trouble: oneLine(facts.trouble) } };
        case 'recovered':
          return { text: 'chain_recovered', values: { since: isoDate(facts.since) } };
        case 'reorganised':
          return { text: 'chain_reorganised', values: { blocks: String(facts.blocks), height: String(facts.height) } };
      }
    // oxlint-disable-next-line no-fallthrough -- the switch above returns for every state
    case 'seal.broken':
      return { text: 'seal_broken', values: { row: oneLine(facts.row) } };
    case 'sign_in.new_device':
      return { text: 'sign_in_new_device', values: { name: oneLine(facts.name), device: oneLine(facts.device) } };
    case 'people.changed':
      return { text: `person_${facts.change}`, values: { name: oneLine(facts.name), by: oneLine(facts.by) } };
  }
}

function orderView(id: OrderId, order: Order | undefined): OrderView {
  const { reference = null, fiat } = order?.terms ?? {};
  return {
    uuid: id,
    number: id.slice(0, 8).toUpperCase(),
    reference: reference === null ? null : oneLine(reference),
    fiat: fiat === undefined ? null : { amount: formatFiatAmount(fiat), currency: fiat.currency },
  };
}

function pathOf(facts: NoticeFacts): string {
  if ('orderId' in facts) return `/panel/orders/${facts.orderId}`;
  if (facts.kind === 'endpoint.failing') return '/panel/callbacks';
  return '/panel';
}

const MAX_CHARACTERS = 200;

/** Shortens a text from outside, and replaces what a terminal or a mail program might misinterpret. */
function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length <= MAX_CHARACTERS ? line : `${line.slice(0, MAX_CHARACTERS)}…`;
}
