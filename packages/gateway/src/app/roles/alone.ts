/** The role of a process that has the database to itself: it follows the chain, and decides about addresses in memory. */
import { gatewayContext } from '../gateway-context.ts';
import { openAddresses } from '../open-addresses.ts';
import { openChain } from '../open-chain.ts';
import { openFollowing } from '../open-following.ts';
import { openRates } from '../open-rates.ts';
import type { Stored } from '../open-stored.ts';
import type { Opening } from '../opening.ts';
import type { Role } from './role.ts';

/** @throws OperatorError when the chain, the database or the marks file cannot be used. */
export async function openAlone(opening: Opening, stored: Stored): Promise<Role> {
  const chain = await openChain(opening, stored.store);
  const { rates, asking } = openRates(opening, stored);
  const addresses = await openAddresses(opening, stored);
  const { derivation, gaps, marks, pool, watched } = addresses;
  const context = gatewayContext(opening, {
    stored,
    rates,
    addresses: {
      indexes: addresses.indexes,
      refusal: (id) => addresses.newOrders.refusal(id),
      pooled: (id, index) => pool.take(id, index),
      watch: (script) => chain.scripts.add(script),
    },
  });
  const following = openFollowing(opening, {
    context,
    chain,
    watched,
    rates,
    skipped: (id, to) => marks.follow(id, to),
  });
  const { watcher, miner, scripted } = following;
  opening.signals.watcher.set(watcher);
  return {
    context,
    rates,
    sandbox: chain.sandbox,
    scripted,
    chain: {
      source: chain.source,
      get status() {
        return watcher.status;
      },
      get mempoolSize() {
        return watcher.mempoolSize;
      },
      get watchedScripts() {
        return chain.scripts.size;
      },
      get longestGap() {
        return gaps.longest;
      },
      leader: undefined,
      caughtUp: (signal) => watcher.caughtUp(signal),
    },
    loops: [
      ['exchange rates', asking ?? {}],
      ['chain', watcher],
      ['payment transactions', following.transactionPruning],
      ['rebroadcast', following.rebroadcast],
      ['sandbox miner', miner ?? {}],
      ['address derivation', { stop: () => derivation.stop() }],
      ['address gaps', gaps],
      ['addresses', pool],
      ['address marks', { start: () => marks.start(), stop: () => marks.close() }],
    ],
  };
}
