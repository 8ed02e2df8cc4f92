const listeners = /* @__PURE__ */ new WeakMap<WeakKey, Set<() => void>>();

/** One function for all signals, because adding the same listener to a signal again has no effect. */
function fire(event: Event): void {
  listeners.get(event.target as WeakKey)?.forEach((listener) => listener());
}

/**
 * Calls a listener when a signal is aborted. All calls with the same signal share one event listener: Node warns of a leak at the
 * eleventh on one signal, and a shop may abort any number of calls together.
 *
 * @returns a function that removes the listener.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const all = listeners.get(signal) ?? new Set();
  listeners.set(signal, all.add(listener));
  signal.addEventListener('abort', fire);
  return () => {
    all.delete(listener);
    if (all.size === 0) signal.removeEventListener('abort', fire);
  };
}
