/** The limits of what a request may hold, for the parsers and for the schemas alike. */

/** Characters (code points, not bytes) of a text or a URL. */
export const MAX_CHARACTERS = 300;
/** More than any chain will be waited for. */
export const MAX_CONFIRMATIONS = 1000;
/** Orders on a page of the list. */
export const MAX_PAGE_SIZE = 40;
export const DEFAULT_PAGE_SIZE = 20;
/** Beyond this no page of any size can be. */
export const MAX_PAGE = 1_000_000;
/** Events on a page of the feed. */
export const MAX_EVENTS = 100;
export const DEFAULT_EVENTS = 50;
/** Bytes of a request's body. */
export const MAX_BODY_BYTES: number = 64 * 1024;
