/**
 * Erases what an order says about a person, and keeps what the merchant's accounts need: amounts, transactions, states and times. The
 * bodies of its stored callbacks are rewritten, so that neither a redelivery nor the event feed repeats what was erased.
 *
 * An order that may still change, or with a callback that the shop has not received, is left alone unless the operator insists: the shop
 * may recognise the order by its reference, and the merchant may have to send a refund.
 */
import type { CallbackBody } from '@webpos/sdk/wire';
import { bodyText } from '../../callbacks/body-text.ts';
import type { StoredCallback } from '../../callbacks/callback.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { attention } from '../../orders/attention.ts';
import type { Order } from '../../orders/order.ts';
import type { Store, StoreTransaction } from '../../store/ports/store.ts';
import { MAX_NOTES } from './add-note.ts';

export interface ForgottenOrder {
  readonly order: OrderId;
  /** What the order has of a person; empty if it was forgotten before. */
  readonly erases: readonly PersonalField[];
  /** The names of the parameters of the callback URL that are erased. */
  readonly parameters: readonly string[];
  /** Why it was left alone; undefined if it was forgotten, or would be. */
  readonly postponed: Postponed | undefined;
}

export type PersonalField =
  | 'reference'
  | 'details'
  | 'continue_url'
  | 'cancel_url'
  | 'callback_url'
  | 'refund_address'
  | 'reasons'
  | 'notes'
  | 'idempotency_key'
  | 'callback_bodies'
  | 'response_excerpts';

/** `open`: it may still be paid or disputed. `undelivered`: a callback is waiting. `attention`: it needs the merchant's attention. */
export type Postponed = 'open' | 'undelivered' | 'attention';

export interface ForgetOptions {
  /** Texts of the person: parameters of the callback URL that contain one are erased. */
  readonly texts?: readonly string[];
  /** Names of parameters of the callback URL to erase. */
  readonly parameters?: readonly string[];
  /** Forgets orders that would be postponed. */
  readonly now?: boolean;
  /** Only reports what would be erased. */
  readonly dryRun?: boolean;
}

/** @returns Undefined if there is no such order. */
export async function forgetOrder(
  store: Pick<Store, 'transaction'>,
  id: OrderId,
  { texts = [], parameters = [], now = false, dryRun = false }: ForgetOptions = {},
): Promise<ForgottenOrder | undefined> {
  return store.transaction(async (tx) => {
    const order = await tx.orders.lock(id);
    if (order === undefined) return undefined;
    const callbacks = await tx.callbacks.ofOrder(id);
    const { terms } = order;
    const personal = [terms.reference, terms.details, ...texts].filter((text) => text !== null && text !== '') as string[];
    const erased = new Set(parameters);
    for (const url of [terms.callbackUrl, ...callbacks.map((callback) => callback.url)])
      for (const name of parametersWith(url, personal)) erased.add(name);
    const tip = await tx.chain.tip();
    const reason = now ? undefined : postponed(order, callbacks, tip?.height ?? 0);
    const rewritten = callbacks.map((callback) => ({ callback, ...rewrite(callback, erased) }));
    const erases = await personalFields(tx, order, rewritten, erased);
    if (reason === undefined && !dryRun && erases.length > 0) {
      for (const { callback, body, url } of rewritten)
        if (body !== callback.body || url !== callback.url) await tx.erasure.rewriteCallback(callback, { body, url });
      await tx.erasure.eraseOrder({ id, createdAt: terms.createdAt, callbackUrl: without(terms.callbackUrl, erased) });
    }
    return { order: id, erases, parameters: [...erased], postponed: reason };
  });
}

function postponed(order: Order, callbacks: readonly StoredCallback[], tipHeight: number): Postponed | undefined {
  if (order.state.status === 'pending' || order.state.status === 'disputed') return 'open';
  if (callbacks.some(({ delivery }) => delivery.status === 'waiting')) return 'undelivered';
  return attention(order, tipHeight) === undefined ? undefined : 'attention';
}

async function personalFields(
  tx: StoreTransaction,
  { terms }: Order,
  rewritten: readonly { readonly callback: StoredCallback; readonly body: string; readonly url: string | null }[],
  erased: ReadonlySet<string>,
): Promise<readonly PersonalField[]> {
  const { id } = terms;
  const attempts = (await Promise.all(rewritten.map(({ callback }) => tx.callbacks.attempts(callback.id)))).flat();
  const present: Readonly<Record<PersonalField, boolean>> = {
    reference: terms.reference !== null,
    details: terms.details !== null,
    continue_url: terms.continueUrl !== null,
    cancel_url: terms.cancelUrl !== null,
    callback_url: without(terms.callbackUrl, erased) !== terms.callbackUrl,
    refund_address:
      (await tx.refundRequests.ofOrder(id)) !== undefined || (await tx.refunds.ofOrder(id)).some(({ address }) => address !== ''),
    reasons: (await tx.history.ofOrder(id)).some(({ reason }) => reason !== ''),
    notes: (await tx.notes.ofOrder(id, MAX_NOTES)).some(({ text }) => text !== ''),
    idempotency_key: (await tx.idempotency.countOf(terms)) > 0,
    callback_bodies: rewritten.some(({ callback, body, url }) => body !== callback.body || url !== callback.url),
    response_excerpts:
      attempts.some(({ responseExcerpt }) => responseExcerpt !== '') ||
      rewritten.some(({ callback: { delivery } }) => 'lastError' in delivery && delivery.lastError !== null),
  };
  return (Object.keys(present) as PersonalField[]).filter((field) => present[field]);
}

/** Removes from a body what the order does not say any more. Everything else stays to the letter. */
function rewrite({ body, url }: StoredCallback, erased: ReadonlySet<string>): Pick<StoredCallback, 'body' | 'url'> {
  const { object, ...rest } = JSON.parse(body) as CallbackBody;
  const checkout = object.redirect_url;
  const forgotten = {
    ...object,
    reference: null,
    details: null,
    callback_url: without(object.callback_url, erased),
    continue_url: checkout,
    cancel_url: checkout,
  };
  return { body: bodyText({ ...rest, object: forgotten }), url: without(url, erased) };
}

/** Returns the names of the parameters of a URL's query that contain one of the texts. */
function parametersWith(url: string | null, texts: readonly string[]): string[] {
  if (url === null || !URL.canParse(url)) return [];
  const parameters = [...new URL(url).searchParams];
  return parameters.filter(([, value]) => texts.some((text) => containsText(value, text))).map(([name]) => name);
}

/** Removes parameters of a URL's query. The rest stays, because the shop's server may need it to take later callbacks. */
function without<U extends string | null>(url: U, names: ReadonlySet<string>): U {
  if (url === null || !URL.canParse(url)) return url;
  const parsed = new URL(url);
  const found = [...names].filter((name) => parsed.searchParams.has(name));
  for (const name of found) parsed.searchParams.delete(name);
  return found.length === 0 ? url : (parsed.href as U);
}

/** Whether a text contains another, in whichever case, also as part of a URL. */
export function containsText(text: string, part: string): boolean {
  const [whole, wanted] = [text.toLowerCase(), part.toLowerCase()];
  return whole.includes(wanted) || whole.includes(encodeURIComponent(part).toLowerCase());
}
