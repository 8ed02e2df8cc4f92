/** Lets people manage their subscriptions. Nobody changes those of others, except who manages people. */
import { parseId, type MessageId, type NewUuid, type PersonId, type SubscriptionId } from '../../kernel/ids.ts';
import { plusMs, type Clock } from '../../kernel/clock.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/durations.ts';
import { ContractError, validationError } from '../../contract/contract-error.ts';
import type { ShopUrlRules } from '../../merchants/shop-url.ts';
import { isActive, type Subscription } from '../../notifications/subscription.ts';
import type { Actor } from '../../people/actor.ts';
import type { Viewer } from '../../people/viewer.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import type { MessageKind } from '../../store/ports/notifications/message-store.ts';
import type { Store, StoreTransaction } from '../../store/ports/store.ts';
import { recordAction } from '../audit/audit-log.ts';
import { destinationOf } from './assign-notices.ts';
import { confirms, mayStop } from './links.ts';
import { readChannel, readSettings, type SubscriptionFields } from './read-subscription.ts';

export interface SubscriptionContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly newUuid: NewUuid;
  readonly keys: Pick<GatewayKeys, 'audit' | 'notifications'>;
  /** The rules for URLs of subscribers. */
  readonly urls: ShopUrlRules;
  /** Whether the settings let e-mails be sent. */
  readonly sendsMail: boolean;
  /** Call it when subscriptions or messages have been stored. */
  readonly changed: () => void;
}

export interface NewSubscription extends SubscriptionFields {
  /** `email` or `post`. */
  readonly channel: string;
  /** The address or the URL. */
  readonly recipient: string;
}

/** Each is looked at for every notice. */
const MAX_SUBSCRIPTIONS = 10;
/** Requests for confirmation within a day: of one person, and to one address. */
const MAX_CONFIRMATIONS = { ofPerson: 10, toAddress: 3 } as const;
/** Test messages of one person within an hour. */
const MAX_TESTS = 10;

/**
 * Returns whose subscriptions a viewer manages.
 *
 * @param id Another person's; undefined: the viewer's own.
 * @throws ContractError 1012 if the viewer may not.
 */
export function ownerOf({ actor, permissions }: Viewer, id: PersonId | undefined): PersonId {
  const own = actor.kind === 'person' ? actor.id : undefined;
  const owner = id ?? own;
  if (owner === undefined)
    throw validationError({ person: ['must be a person: neither a token nor an operator has an address'] });
  if (owner !== own && !permissions.has('people.manage'))
    throw new ContractError('1012', 'the notifications of others need the permission people.manage');
  return owner;
}

/** @throws ContractError 0001 for wrong fields; 2000 for too many requests. */
export async function subscribe(
  context: SubscriptionContext,
  viewer: Viewer,
  personId: PersonId,
  fields: NewSubscription,
): Promise<Subscription> {
  const { store, clock, newUuid, urls, sendsMail, changed } = context;
  const channel = readChannel(fields.channel, fields.recipient, urls);
  if (channel.kind === 'email' && !sendsMail)
    throw validationError({ channel: ['must be post: this gateway sends no e-mail (WEBPOS_SMTP_URL)'] });
  const now = clock.now();
  const subscription: Subscription = {
    id: parseId<SubscriptionId>(newUuid()),
    personId,
    channel,
    ...readSettings(fields, viewer),
    createdAt: now,
    stoppedAt: null,
  };
  await store.transaction(async (tx) => {
    if ((await tx.subscriptions.ofPerson(personId)).length >= MAX_SUBSCRIPTIONS)
      throw validationError({ recipient: [`must be one of at most ${MAX_SUBSCRIPTIONS}: remove another first`] });
    await tx.subscriptions.insert(subscription);
    if (channel.kind === 'email') await sendFirst(context, tx, subscription, 'confirmation');
    await record(context, tx, viewer.actor, 'notifications.subscribe', subscription);
  });
  changed();
  return subscription;
}

/** Changes everything but the channel. Returns undefined if the person has no such subscription. */
export async function changeSubscription(
  context: SubscriptionContext,
  viewer: Viewer,
  which: Which,
  fields: SubscriptionFields,
): Promise<Subscription | undefined> {
  const settings = readSettings(fields, viewer);
  return changeOwn(context, viewer.actor, which, 'notifications.change', async (_, before) => ({ ...before, ...settings }));
}

/** Stops messages, or starts them again. Returns undefined as above. */
export function setStopped(
  context: SubscriptionContext,
  actor: Actor,
  which: Which,
  isStopped: boolean,
): Promise<Subscription | undefined> {
  const action = isStopped ? 'notifications.stop' : 'notifications.start';
  const stoppedAt = isStopped ? context.clock.now() : null;
  return changeOwn(context, actor, which, action, async (_, before) => ({ ...before, stoppedAt }));
}

/** Sends the request for confirmation again. @throws ContractError 2000 if there were too many. */
export function confirmAgain(context: SubscriptionContext, actor: Actor, which: Which): Promise<Subscription | undefined> {
  return changeOwn(context, actor, which, 'notifications.confirm_again', async (tx, before) => {
    if (before.channel.kind === 'email' && before.channel.confirmedAt === null)
      await sendFirst(context, tx, before, 'confirmation');
    return before;
  });
}

/** Sends a test message. @throws ContractError 2000 if there were too many; 0001 if nothing may be sent there. */
export function sendTest(context: SubscriptionContext, actor: Actor, which: Which): Promise<Subscription | undefined> {
  return changeOwn(context, actor, which, 'notifications.test', async (tx, before) => {
    if (!isActive(before)) throw validationError({ subscription: ['must be confirmed and not stopped'] });
    await sendFirst(context, tx, before, 'test');
    return before;
  });
}

export async function unsubscribe(context: SubscriptionContext, actor: Actor, { id, personId }: Which): Promise<boolean> {
  const isDeleted = await context.store.transaction(async (tx) => {
    const subscription = await tx.subscriptions.get(id);
    if (subscription?.personId !== personId) return false;
    await tx.subscriptions.delete(id);
    await record(context, tx, actor, 'notifications.unsubscribe', subscription);
    return true;
  });
  context.changed();
  return isDeleted;
}

/** Confirms an address by the link that was sent to it. Returns whether the link is valid. */
export async function confirmAddress(
  context: SubscriptionContext,
  id: SubscriptionId,
  link: { readonly expiresAt: string; readonly code: string },
): Promise<boolean> {
  const { store, keys, clock, changed } = context;
  const now = clock.now();
  const isConfirmed = await store.transaction(async (tx) => {
    const before = await tx.subscriptions.get(id);
    if (before?.channel.kind !== 'email' || !confirms(keys, { id, address: before.channel.address }, link, now)) return false;
    if (before.channel.confirmedAt !== null) return true;
    const after: Subscription = { ...before, channel: { ...before.channel, confirmedAt: now } };
    await tx.subscriptions.update(after);
    await record(context, tx, BY_LINK, 'notifications.confirm', after);
    return true;
  });
  changed();
  return isConfirmed;
}

/** Stops messages by the link in each of them. Returns whether the link is valid. */
export async function stopByLink(context: SubscriptionContext, id: SubscriptionId, code: string): Promise<boolean> {
  if (!mayStop(context.keys, id, code)) return false;
  const subscription = await context.store.subscriptions.get(id);
  if (subscription !== undefined && subscription.stoppedAt === null)
    await setStopped(context, BY_LINK, { id, personId: subscription.personId }, true);
  return true;
}

/** The gateway does not know who opens the links of an e-mail. */
const BY_LINK: Actor = { kind: 'gateway' };

/** A subscription of a person. */
export interface Which {
  readonly id: SubscriptionId;
  readonly personId: PersonId;
}

async function changeOwn(
  context: SubscriptionContext,
  actor: Actor,
  { id, personId }: Which,
  action: string,
  change: (tx: StoreTransaction, before: Subscription) => Promise<Subscription>,
): Promise<Subscription | undefined> {
  const changed = await context.store.transaction(async (tx) => {
    const before = await tx.subscriptions.get(id);
    if (before?.personId !== personId) return undefined;
    const after = await change(tx, before);
    await tx.subscriptions.update(after);
    await record(context, tx, actor, action, after);
    return after;
  });
  context.changed();
  return changed;
}

/** Stores a message that was asked for, unless there were too many. */
async function sendFirst(
  { clock, newUuid }: SubscriptionContext,
  { messages }: Pick<StoreTransaction, 'messages'>,
  subscription: Subscription,
  kind: Exclude<MessageKind, 'notices'>,
): Promise<void> {
  const { id: subscriptionId, personId } = subscription;
  const destination = destinationOf(subscription);
  const now = clock.now();
  const countOf = (of: { personId: PersonId } | { recipient: string }, sinceMs: number, limit: number): Promise<number> =>
    messages.countSince({ kind, of, since: plusMs(now, -sinceMs), limit });
  const isTooMany =
    kind === 'test'
      ? (await countOf({ personId }, HOUR_MS, MAX_TESTS)) >= MAX_TESTS
      : (await countOf({ personId }, DAY_MS, MAX_CONFIRMATIONS.ofPerson)) >= MAX_CONFIRMATIONS.ofPerson ||
        (await countOf({ recipient: destination.recipient }, DAY_MS, MAX_CONFIRMATIONS.toAddress)) >= MAX_CONFIRMATIONS.toAddress;
  if (isTooMany)
    throw new ContractError('2000', 'too many messages were asked for: try again later', { retryAfterS: HOUR_MS / 1000 });
  // Sent at night too: somebody waits for it.
  const message = { kind, subscriptionId, personId, ...destination, isUrgent: true, createdAt: now };
  await messages.insert({ id: parseId<MessageId>(newUuid()), ...message });
}

function record(
  context: SubscriptionContext,
  tx: StoreTransaction,
  actor: Actor,
  action: string,
  { id, personId, channel, kinds, posIds, timing, quiet, timeZone, stoppedAt }: Subscription,
): Promise<void> {
  const to = channel.kind === 'email' ? channel.address : new URL(channel.url).origin;
  const after = { subscription: id, channel: channel.kind, to, kinds, posIds, timing, quiet, timeZone, stoppedAt };
  return recordAction(context, tx, actor, { action, subject: { kind: 'person', id: personId }, after });
}
