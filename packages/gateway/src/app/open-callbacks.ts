/** Opens the parts that send callbacks and test events. */
import { randomBytes } from 'node:crypto';
import { loadHttpClient } from '../callbacks/http/callback-sender.ts';
import type { GatewayContext } from './gateway.ts';
import { BackgroundRedelivery } from '../services/callbacks/background-redelivery.ts';
import { CallbackDelivery } from '../services/callbacks/deliver-callbacks.ts';
import { DeliveryPeers } from '../services/callbacks/delivery-peers.ts';
import { EndpointHealth } from '../services/callbacks/endpoint-health.ts';
import { callbackKeys } from '../services/merchants/pos-secret.ts';
import { TestEvents } from '../services/callbacks/test-events.ts';
import { openCallbackSender } from './open-callback-sender.ts';
import type { Stored } from './open-stored.ts';
import { isSharing, workTimeoutMs, type Opening } from './opening.ts';

export interface Callbacks {
  readonly delivery: CallbackDelivery;
  readonly endpointHealth: EndpointHealth;
  readonly testEvents: TestEvents;
  readonly redelivery: BackgroundRedelivery;
}

export async function openCallbacks(
  { config, parts, lifecycle, clock, nowMs, random, log, metrics, signals }: Opening,
  { store, keys }: Stored,
  context: GatewayContext,
): Promise<Callbacks> {
  const sender = await lifecycle.open(
    'callback connections',
    async () => {
      await loadHttpClient();
      return openCallbackSender(config, { clock, ...parts.callbacks });
    },
    (opened) => opened.close(),
  );
  const endpointHealth = new EndpointHealth({ store, log, isShared: isSharing(config) });
  await endpointHealth.load();
  // Short, because the row of a callback grows by it, and then often no longer fits into its page.
  const claimant = randomBytes(6).toString('base64url');
  const delivery = new CallbackDelivery({
    health: endpointHealth,
    context,
    sender,
    keysOf: (pos) => callbackKeys(pos, clock.now(), keys),
    giveUpAfterMs: config.callbackGiveUpAfterMs,
    attemptRetentionMs: config.callbackAttemptRetentionMs,
    eventRetentionMs: config.eventRetentionMs,
    stopTimeoutMs: workTimeoutMs(config),
    claimant,
    peers: isSharing(config) ? new DeliveryPeers({ store, claimant, log }) : undefined,
    random,
    log,
    attempted: (outcome) => metrics?.callbackAttempted(outcome),
    attemptEnded: (callback, end) => signals.callbackAttempted.emit({ callback, end }),
    ...(parts.callbacks && { claimMs: parts.callbacks.claimMs }),
  });
  signals.callbackStored.on(() => delivery.wake());
  const testEvents = new TestEvents({ context, sender, nowMs, refused: () => metrics?.requestLimited('tests') });
  const redelivery = new BackgroundRedelivery({ context, log, holder: claimant, isAlone: !isSharing(config) });
  return { delivery, endpointHealth, testEvents, redelivery };
}
