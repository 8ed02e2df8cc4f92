import type { Fetch } from './fetch.ts';

/** Looks up the global at every call, so that a test can replace it, and calls it without a receiver, as browsers require. */
export const globalFetch: Fetch = (url, init) => globalThis.fetch(url, init);
