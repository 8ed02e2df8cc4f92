const listeners = /* @__PURE__ */ new WeakMap<WeakKey, Set<() => void>>();

/** One function for all signals: adding it to a signal again does nothing. */
function fire(event: Event): void {
  listeners.get(event.target as WeakKey)?.forEach((listener) => listener());
}

/**
 * Calls a listener when a signal fires. All calls with the same signal share one event listener: Node warns of a leak at the
 * eleventh on one signal, and a shop may end any number of calls together.
 *
 * @returns how to hear no more of it.
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
