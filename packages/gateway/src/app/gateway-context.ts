/** The context that a gateway passes to its services. */
import { randomUUID } from 'node:crypto';
import { orderedUuid } from '../kernel/ordered-uuid.ts';
import type { RateSource } from '../rates/source.ts';
import { idTokenKey } from '../security/id-token-key.ts';
import { idTokenSigner } from '../security/id-token.ts';
import type { AddressSource } from '../services/addresses/address-source.ts';
import type { GatewayContext } from './gateway.ts';
import type { Stored } from './open-stored.ts';
import type { Opening } from './opening.ts';

export interface ContextParts {
  readonly stored: Stored;
  readonly rates: RateSource;
  readonly addresses: AddressSource;
}

export function gatewayContext({ config, clock, signals }: Opening, { stored, rates, addresses }: ContextParts): GatewayContext {
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
    addresses,
    guard: stored.guard,
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
