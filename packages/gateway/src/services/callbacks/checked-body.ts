/**
 * Checks the address in the bodies of callbacks, which shops store and show: it is the one that the order was created with, whatever
 * somebody has written to the database.
 *
 * A body is never withheld, because the shop must learn of the event. If the address of the order is not authentic, it gets the address
 * that the wallet of its POS has at the index of the order, and an empty one if neither the wallet is authentic. Everything else stays
 * to the letter: a body with the right address is the same in every attempt.
 */
import type { CallbackBody, CallbackEvent } from '@webpos/sdk/wire';
import { bodyText } from '../../callbacks/body-text.ts';
import type { StoredCallback } from '../../callbacks/callback.ts';
import { callbackBody, type OrderInContext } from '../../contract/order-wire.ts';
import type { OrderId, PosId } from '../../kernel/ids.ts';
import { isTurnLong, nextTurn } from '../../kernel/thread/turns.ts';
import type { FixedAccount } from '../../merchants/account.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { OrderAddress } from '../../orders/order.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import { isAddressIndex } from '../../wallet/account-wallet.ts';
import { withAddress } from '../../wallet/payment-uri.ts';
import { loadAccount } from '../merchants/account-cache.ts';
import { accountWallet } from '../merchants/account-wallet.ts';
import type { GuardedContext } from '../context.ts';

/** The reads of a store or a transaction. */
type Reads = Pick<StoreReads, 'orders' | 'pos' | 'accounts'>;

interface BodyContext extends GuardedContext {
  /** Identifies the cache of accounts. */
  readonly store: object;
}

/** Writes the body of a new callback. */
export function newBody({ guard }: GuardedContext, event: CallbackEvent, found: OrderInContext): string {
  const body = callbackBody(event, found);
  return bodyText(bodyWith(addressOf(guard, found.order.terms, found), body) ?? body);
}

/** Returns callbacks as they may leave the gateway. */
export async function checkedCallbacks<Callback extends Pick<StoredCallback, 'orderId' | 'body'>>(
  context: BodyContext,
  reads: Reads,
  callbacks: readonly Callback[],
): Promise<Callback[]> {
  const naming = new Set(callbacks.filter(({ body }) => ADDRESS_NAME.test(body) || ESCAPED_LETTER.test(body)));
  if (naming.size === 0) return [...callbacks];
  const stored = await reads.orders.addresses([...new Set([...naming].map(({ orderId }) => orderId))]);
  const posOf = new Map<PosId, Pos | undefined>();
  const addresses = new Map<OrderId, string>();
  for (const order of stored) addresses.set(order.id, await storedAddress(context, reads, order, posOf));
  // One without an address stays as it is.
  return callbacks.map((callback) =>
    naming.has(callback) ? checkedCallback(callback, addresses.get(callback.orderId) ?? '') : callback,
  );
}

function checkedCallback<Callback extends Pick<StoredCallback, 'body'>>(callback: Callback, address: string): Callback {
  if (plainlyHas(callback.body, address)) return callback;
  const body = withOwnNames(parsed(callback.body));
  if (body === undefined) return callback;
  const changed = hasAddress(body) ? bodyWith(address, body) : undefined;
  if (changed === undefined && isAsWritten(callback.body, body)) return callback;
  return { ...callback, body: bodyText(changed ?? body) };
}

/** The rest of a URI of ours, after its address. */
const OWN_PARAMETERS = /^\?amount=[\d.]+(?:&(?:label|message)=[^&#\\]*)*$/;
/** Could spell the name of a field. Ours has no escaped letters. */
const ESCAPED_LETTER = /\\u(?:00(?:4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a])|017f)/i;
/** The names that lead to the address. Some receivers take them in upper case too, or with the long s of Unicode. */
const OWN_NAMES: readonly string[] = ['object', 'address', 'uri'];
const ADDRESS_NAME = /"(?:address|uri)"/iu;
const ANY_NAME = /"(?:object|address|uri)"/giu;
const NAME = /^(?:object|address|uri)$/iu;

/** Whether a text has this address and no other, without parsing it: nearly every body that is sent does. */
function plainlyHas(text: string, address: string): boolean {
  const [field, uri] = [`"address":"${address}",`, `"uri":"bitcoin:${address}`];
  const at = text.indexOf(field + uri);
  if (address === '' || at === -1) return false;
  const from = at + field.length + uri.length;
  return (
    OWN_PARAMETERS.test(text.slice(from, text.indexOf('"', from))) &&
    text.includes('"object":') &&
    text.match(ANY_NAME)?.length === OWN_NAMES.length &&
    !ESCAPED_LETTER.test(text)
  );
}

/** Whether a body is a text of ours. Another one could have two addresses, of which receivers read the first or the last. */
function isAsWritten(text: string, body: CallbackBody): boolean {
  // Early versions escaped less.
  return text === bodyText(body) || text === JSON.stringify(body);
}

async function storedAddress(
  { store, guard }: BodyContext,
  reads: Reads,
  order: OrderAddress,
  posOf: Map<PosId, Pos | undefined>,
): Promise<string> {
  if (guard.isSealedOrder(order)) return order.address;
  // Its address is derived, which takes a millisecond.
  if (isTurnLong()) await nextTurn();
  if (!posOf.has(order.posId)) posOf.set(order.posId, await reads.pos.get(order.posId));
  const pos = posOf.get(order.posId);
  const account = await loadAccount(store, reads.accounts, order.accountId);
  return pos === undefined || account === undefined ? '' : addressOf(guard, order, { pos, account });
}

function addressOf(
  guard: GuardedContext['guard'],
  order: OrderAddress,
  { pos, account }: { readonly pos: Pos; readonly account: FixedAccount },
): string {
  if (guard.isSoundOrder(order, pos, account)) return order.address;
  const isOwn = pos.accountId === account.id && guard.isSoundPos(pos) && guard.isSoundAccount(account);
  return isOwn && isAddressIndex(order.addressIndex) ? accountWallet(account).receive(order.addressIndex).address : '';
}

/** Returns the body with another address; undefined if it has this one. */
function bodyWith(address: string, body: CallbackBody): CallbackBody | undefined {
  const { object } = body;
  const uri = withAddress(object.uri, address);
  return object.address === address && object.uri === uri ? undefined : { ...body, object: { ...object, address, uri } };
}

/** Returns undefined for what is no JSON. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** Returns a body without the names that a receiver could take for those of the address; undefined for what is no object. */
function withOwnNames(body: unknown): CallbackBody | undefined {
  if (!isObject(body)) return undefined;
  const named = ownNames(body);
  const { object } = named;
  return (isObject(object) ? { ...named, object: withTexts(ownNames(object)) } : named) as unknown as CallbackBody;
}

/** With one of both, an order has the other one as well. */
function withTexts(order: Fields): Fields {
  const { address, uri } = order;
  if (address === undefined && uri === undefined) return order;
  return { ...order, address: textOf(address), uri: textOf(uri) };
}

function ownNames(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => OWN_NAMES.includes(name) || !NAME.test(name)));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function hasAddress({ object }: Partial<CallbackBody>): boolean {
  return typeof object?.address === 'string';
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
