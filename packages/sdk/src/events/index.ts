/**
 * Reads the feed of events of a WebPOS gateway: all that has happened to the orders of a POS, in its order. For a shop that was
 * down, or cannot be called back.
 */
export { type EventsOptions, type FailedRead, type FeedEvent, events } from './events.ts';
export type { HeaderValues } from '../options/headers.ts';
export { NoEventFeedError } from './no-event-feed-error.ts';
