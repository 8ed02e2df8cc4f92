import type { Fetch } from './fetch.ts';

/** Looks the global up at every call, so that a test which replaces it is heard; and calls it bare, as browsers demand. */
export const globalFetch: Fetch = (url, init) => globalThis.fetch(url, init);
