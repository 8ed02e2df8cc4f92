/**
 * The role of a process that shares a PostgreSQL database with others. It serves everything, and leads while it has the lease: then it
 * also follows the chain for all (`leading.ts`).
 */
import { hostname } from 'node:os';
import { AddressPool } from '../../services/addresses/address-pool.ts';
import { ReadyIndexAllocator } from '../../services/addresses/ready-index-allocator.ts';
import { LeaderView } from '../../services/leader/leader-view.ts';
import { Leadership } from '../../services/leader/leadership.ts';
import { checkStored } from '../../services/operator/check-stored.ts';
import { NewOrderGate } from '../../services/orders/new-order-gate.ts';
import { gatewayContext } from '../gateway-context.ts';
import { checkOrWait, openSource } from '../open-chain.ts';
import { openSharedRates } from '../open-rates.ts';
import type { Stored } from '../open-stored.ts';
import type { Opening } from '../opening.ts';
import { openLeading, type LeadingParts } from './leading.ts';
import type { Role } from './role.ts';
import { SharedChain } from './shared-chain.ts';

/** The pool of a process that does not lead: the leader derives addresses, and this one reads them. */
const DERIVED_ELSEWHERE = { reach: () => Infinity, extend: async () => false };

/** @throws OperatorError when the chain or the database cannot be used. */
export async function openSharing(opening: Opening, stored: Stored): Promise<Role> {
  const { config, clock, nowMs, log } = opening;
  const { store, keys, guard, notifications } = stored;
  const { source } = await openSource(config, store, clock, log);
  await checkOrWait(source, log);
  await checkStored({ store, network: config.network, keys });
  const { rates, reading, leading: fetching } = openSharedRates(opening, stored);

  const view = new LeaderView({ clock, nowMs });
  const chain = new SharedChain(source, view, () => leadership.term);
  const indexes = new ReadyIndexAllocator({
    store,
    asked: (id) => {
      chain.leading?.publisher.wake();
      notifications?.indexesWanted.publish([id]);
    },
  });
  const pool = new AddressPool({ store, watched: DERIVED_ELSEWHERE, size: config.addressPoolSize, guard, log });
  const newOrders = new NewOrderGate({
    status: () => chain.status,
    hasRead: () => true,
    caughtUp: (signal) => chain.caughtUp(signal),
    clock,
    orderTtlMs: config.orderTtlMs,
  });
  const context = gatewayContext(opening, {
    stored,
    rates,
    addresses: {
      indexes,
      refusal: (id) => newOrders.refusal(id),
      pooled: (id, index) => pool.take(id, index),
      // It is watched since before it was ready.
      watch: () => {},
    },
  });
  const leadership = openLeadership(opening, { stored, source, context, fetching, published: () => indexes.wake() }, chain, view);
  notifications?.indexesWanted.on(() => chain.leading?.publisher.wake());
  notifications?.leaseChanged.on(() => leadership.wake());
  return {
    context,
    rates,
    chain,
    sandbox: undefined,
    scripted: undefined,
    loops: [
      ['exchange rates', reading ?? {}],
      ['addresses', pool],
      ['chain', leadership],
    ],
  };
}

function openLeadership(
  opening: Opening,
  parts: Omit<LeadingParts, 'status' | 'before' | 'wentBack'>,
  chain: SharedChain,
  view: LeaderView,
): Leadership {
  const { nowMs, log } = opening;
  const { store, notifications } = parts.stored;
  const holder = `${process.pid}@${hostname()}`;
  let before: LeadingParts['before'];
  const leadership = new Leadership({
    store,
    holder,
    nowMs,
    log,
    lead: async (term) => {
      const wentBack = (): void =>
        void leadership.startOver('the database has lost what this process has stored').catch((err: unknown) => {
          log.warn({ err }, 'leader: the term did not end in order');
        });
      const opened = await openLeading(opening, { ...parts, before, wentBack, status: () => chain.status }, term);
      chain.leading = opened;
      return {
        status: () => opened.status(),
        stop: async (why) => {
          if (chain.leading === opened) chain.leading = undefined;
          before = why === 'failed over' ? opened.publisher.everPublished : undefined;
          await opened.stop(why);
        },
      };
    },
    seen: (lease) => {
      view.see(lease);
      // What another process has published since is unknown here.
      if (lease.validMs > 0 && lease.holder?.startsWith(`${holder} `) !== true) before = undefined;
    },
    released: () => notifications?.leaseChanged.publish(),
  });
  return leadership;
}
