/**
 * The links in e-mails, and the secrets of subscribers that get a POST. Both are derived from the key file, so nothing of them is stored,
 * and nobody who only reads the database can make them.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { EpochMs } from '../../kernel/clock.ts';
import { epochMs, plusMs } from '../../kernel/clock.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import type { SubscriptionId } from '../../kernel/ids.ts';
import type { GatewayKeys } from '../../security/key-file.ts';

type Keys = Pick<GatewayKeys, 'notifications'>;

/** How long an address can be confirmed. */
const CONFIRM_MS = DAY_MS;

interface Confirmation {
  readonly id: SubscriptionId;
  readonly address: string;
}

/** The path of the page that confirms an address. */
export function confirmPath(keys: Keys, confirmation: Confirmation, now: EpochMs): string {
  const expiresAt = plusMs(now, CONFIRM_MS);
  return `/notifications/confirm/${confirmation.id}/${expiresAt}/${confirmCode(keys, confirmation, expiresAt)}`;
}

/** Whether a link confirms this address now. */
export function confirms(
  keys: Keys,
  confirmation: Confirmation,
  link: { expiresAt: string; code: string },
  now: EpochMs,
): boolean {
  if (!/^\d{1,15}$/.test(link.expiresAt)) return false;
  const expiresAt = epochMs(Number(link.expiresAt));
  return expiresAt > now && isSame(link.code, confirmCode(keys, confirmation, expiresAt));
}

/** The path at which messages to a subscription are stopped. */
export function stopPath(keys: Keys, id: SubscriptionId): string {
  return `/notifications/stop/${id}/${stopCode(keys, id)}`;
}

export function mayStop(keys: Keys, id: SubscriptionId, code: string): boolean {
  return isSame(code, stopCode(keys, id));
}

/** The key that signs the messages of a subscription, for Standard Webhooks. */
export function subscriberKey({ notifications }: Keys, id: SubscriptionId): Uint8Array {
  return createHmac('sha256', notifications).update(`post ${id}`).digest();
}

/** The same in the form that Standard Webhooks libraries expect. */
export function subscriberSecret(keys: Keys, id: SubscriptionId): string {
  return `whsec_${Buffer.from(subscriberKey(keys, id)).toString('base64')}`;
}

function confirmCode({ notifications }: Keys, { id, address }: Confirmation, expiresAt: EpochMs): string {
  return createHmac('sha256', notifications).update(`confirm ${id} ${expiresAt} ${address}`).digest('base64url');
}

function stopCode({ notifications }: Keys, id: SubscriptionId): string {
  return createHmac('sha256', notifications).update(`stop ${id}`).digest('base64url');
}

function isSame(text: string, expected: string): boolean {
  const [a, b] = [Buffer.from(text), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
