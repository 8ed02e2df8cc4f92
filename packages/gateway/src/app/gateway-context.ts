/** The context that a gateway passes to its services. */
import { randomUUID } from 'node:crypto';
import { orderedUuid } from '../kernel/ordered-uuid.ts';
import type { RateSource } from '../rates/source.ts';
import { idTokenKey } from '../security/id-token-key.ts';
import { idTokenSigner } from '../security/id-token.ts';
import type { Addresses } from './open-addresses.ts';
import type { GatewayContext } from './gateway.ts';
import type { OpenedChain } from './open-chain.ts';
import type { Stored } from './open-stored.ts';
import type { Opening } from './opening.ts';

export interface ContextParts {
  readonly stored: Stored;
  readonly chain: Pick<OpenedChain, 'scripts'>;
  readonly rates: RateSource;
  readonly addresses: Addresses;
}

export function gatewayContext(
  { config, clock, signals }: Opening,
  { stored, chain, rates, addresses }: ContextParts,
): GatewayContext {
  const { indexes, pool, newOrders } = addresses;
  const idTokens = idTokenKey(stored.keys.idToken);
  return {
    store: stored.store,
    clock,
    newUuid: () => orderedUuid(clock.now(), randomUUID()),
    rates,
    network: config.network,
    get publicUrl() {
      return config.publicUrl ?? signals.url.value;
    },
    orderTtlMs: config.orderTtlMs,
    settlementTimeoutMs: config.settlementTimeoutMs,
    chargebackTimeoutMs: config.chargebackTimeoutMs,
    finalDepth: config.finalDepth,
    addresses: {
      indexes,
      refusal: (id) => newOrders.refusal(id),
      pooled: (id, index) => pool.take(id, index),
      watch: (script) => chain.scripts.add(script),
    },
    callbacksStored: () => signals.callbackStored.emit(),
    ordersChanged: (ids) => signals.ordersChanged.emit([...ids]),
    // No other process shows a new order, or has cached it.
    ordersCreated: (ids) => signals.ordersChanged.emitHere(ids),
    keys: stored.keys,
    posDirectory: stored.posDirectory,
    signIdToken: idTokenSigner(idTokens),
    idTokenJwk: idTokens.jwk,
  };
}
