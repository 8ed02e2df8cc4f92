/**
 * Faults that the kill harness must find. `send before commit` sends callbacks before their events are stored. `commit without outbox`
 * stores the state first and the events in a second transaction.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PendingCallback } from '../../src/callbacks/callback.ts';
import type { CallbackStore } from '../../src/store/ports/callback-store.ts';
import type { Store, StoreTransaction } from '../../src/store/ports/store.ts';

export type Fault = 'none' | 'send before commit' | 'commit without outbox';

/** The time between the two steps, in which it may be killed. */
const GAP_MS = 30;
const MAX_SEND_MS = 200;

export function planted<S extends Store>(store: S, fault: Fault): S {
  if (fault === 'none') return store;
  return { ...store, transaction: (work) => (fault === 'send before commit' ? sendFirst(store, work) : storeLast(store, work)) };
}

function sendFirst<T>(store: Store, work: (tx: StoreTransaction) => Promise<T>): Promise<T> {
  return store.transaction(async (tx) => {
    const events: PendingCallback[] = [];
    const result = await work(intercepting(tx, events, (list) => tx.callbacks.insert(list)));
    for (const { id, url, body } of events) if (url !== null) await send(id, url, body);
    if (events.length > 0) await sleep(GAP_MS);
    return result;
  });
}

/** Some receivers never answer, and the transaction must not wait for them for the rest of the life. */
async function send(id: string, url: string, body: string): Promise<void> {
  const signal = AbortSignal.timeout(MAX_SEND_MS);
  await fetch(url, { method: 'POST', body, headers: { 'webhook-id': id }, signal }).catch(() => {});
}

async function storeLast<T>(store: Store, work: (tx: StoreTransaction) => Promise<T>): Promise<T> {
  const events: PendingCallback[] = [];
  const result = await store.transaction((tx) => work(intercepting(tx, events, async () => {})));
  if (events.length === 0) return result;
  await sleep(GAP_MS);
  await store.transaction((tx) => tx.callbacks.insert(events));
  return result;
}

function intercepting(tx: StoreTransaction, events: PendingCallback[], insert: CallbackStore['insert']): StoreTransaction {
  const callbacks = new Proxy(tx.callbacks, {
    get: (own, name) => {
      if (name === 'insert')
        return (list: readonly PendingCallback[]) => {
          events.push(...list);
          return insert(list);
        };
      const member: unknown = Reflect.get(own, name);
      return typeof member === 'function' ? (member.bind(own) as unknown) : member;
    },
  });
  return { ...tx, callbacks };
}
