/** Limits of requests, for the parsers and for the schemas. */

/** Maximum length of a text or a URL, in characters (code points). */
export const MAX_CHARACTERS = 300;
/** Maximum number of confirmations that an order may require. */
export const MAX_CONFIRMATIONS = 1000;
/** Maximum number of orders on a page of the list. */
export const MAX_PAGE_SIZE = 40;
export const DEFAULT_PAGE_SIZE = 20;
/** Maximum page number of the list, which no real list reaches. */
export const MAX_PAGE = 1_000_000;
/** Maximum number of events on a page of the feed. */
export const MAX_EVENTS = 100;
export const DEFAULT_EVENTS = 50;
/** Maximum size of a request's body, in bytes. */
export const MAX_BODY_BYTES: number = 64 * 1024;
