/**
 * Sends a test event for a POS immediately, without the outbox: signed and guarded like any other, about an order that does not exist.
 * The event is `payment.expired`: every client knows it, and no shop hands out goods for it.
 */
import type { Attempt, CallbackSender } from '../../callbacks/attempt.ts';
import { bodyText } from '../../callbacks/body-text.ts';
import { callbackBody } from '../../contract/order-wire.ts';
import { BoundedCache } from '../../kernel/bounded-cache.ts';
import { plusMs } from '../../kernel/clock.ts';
import { parseId, type AccountId, type CallbackId, type OrderId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { sats, ZERO_SATS } from '../../kernel/sats.ts';
import type { FixedAccount } from '../../merchants/account.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Order } from '../../orders/order.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';
import { parseAccount } from '../../wallet/descriptor/parse-account.ts';
import type { CreationContext, GuardedContext, OrderReadContext } from '../context.ts';
import { loadAccount } from '../merchants/account-cache.ts';
import { callbackKeys } from '../merchants/pos-secret.ts';

/** The POS has no callback URL, and none was given. */
export class NoCallbackUrlError extends OperatorError {
  override readonly name = 'NoCallbackUrlError';
}

export interface TestCallback {
  readonly id: CallbackId;
  readonly url: string;
  readonly attempt: Attempt;
  readonly durationMs: number;
}

/** The result of a test event as JSON. */
export interface TestCallbackSummary {
  uuid: string;
  url: string;
  /** The HTTP status of the answer; null if there was none. */
  status: number | null;
  duration_ms: number;
  /** Why the event does not count as delivered; null if it does. */
  error: string | null;
  /** The start of the answer. */
  response_excerpt: string | null;
}

export function testCallbackSummary({ id, url, attempt, durationMs }: TestCallback): TestCallbackSummary {
  const error = attempt.kind === 'acknowledged' ? null : attempt.error;
  const { status = null, excerpt: response_excerpt = null } = attempt.answer ?? {};
  return { uuid: id, url, status, duration_ms: durationMs, error, response_excerpt };
}

export type TestCallbackContext = CreationContext &
  GuardedContext &
  Pick<OrderReadContext, 'publicUrl'> & {
    readonly keys: Pick<GatewayKeys, 'seal'>;
  };

/**
 * @param givenUrl Where to send it instead of the POS's callback URL.
 * @throws NoCallbackUrlError if neither exists; ContractError 4006 if the account of the POS is not authentic: the event has its address.
 */
export async function sendTestCallback(
  context: TestCallbackContext,
  sender: Pick<CallbackSender, 'send'>,
  pos: Pos,
  givenUrl?: string,
): Promise<TestCallback> {
  const { store, clock, newUuid, publicUrl, keys, guard } = context;
  const url = givenUrl ?? pos.defaults.callbackUrl;
  if (url === null)
    throw new NoCallbackUrlError(`pos: expected one with a callback URL, or --url, got ${pos.id}, which has none`);
  const account = await loadAccount(store, store.accounts, pos.accountId);
  if (account === undefined) throw new Error(`account ${pos.accountId} is missing in the store`);
  guard.assertPos(pos);
  guard.assertAccount(account);
  const now = clock.now();
  const { address, script } = firstAddressOf(account);
  const order: Order = {
    terms: {
      id: parseId<OrderId>(newUuid()),
      posId: pos.id,
      accountId: account.id,
      addressIndex: 0,
      address,
      script,
      addressSeal: null,
      amount: sats(1_000n),
      tolerance: ZERO_SATS,
      fiat: { currency: pos.currency, minorUnits: 100n },
      rate: { source: 'test', value: '100000', at: now },
      requiredConfirmations: pos.defaults.requiredConfirmations,
      createdAt: plusMs(now, -60_000),
      expiresAt: now,
      settlementTimeoutMs: 0,
      chargebackTimeoutMs: 0,
      reference: 'test',
      details: 'A test event: this order does not exist.',
      callbackUrl: url,
      continueUrl: pos.defaults.continueUrl,
      cancelUrl: pos.defaults.cancelUrl,
    },
    state: { status: 'expired', expiredAt: now, coveredAt: null },
    payments: [],
    surplusReported: ZERO_SATS,
    handled: ZERO_SATS,
  };
  const body = bodyText(callbackBody('payment.expired', { order, pos, account, tipHeight: 0, now, publicUrl }));
  const id = parseId<CallbackId>(newUuid());
  const attempt = await sender.send({ id, url, body }, callbackKeys(pos, now, keys));
  return { id, url, attempt, durationMs: Math.max(0, clock.now() - now) };
}

/** A descriptor never changes, and parsing it is the most expensive part of a test event. */
const firstAddresses = new BoundedCache<AccountId, ReceiveAddress>({ maxEntries: 1_000, evict: 'all' });

function firstAddressOf({ id, descriptor, network }: FixedAccount): ReceiveAddress {
  const address = firstAddresses.get(id) ?? parseAccount({ descriptor }, network).receive(0);
  firstAddresses.set(id, address);
  return address;
}
