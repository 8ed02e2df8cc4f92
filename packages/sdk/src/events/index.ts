/**
 * Reads the event feed of a WebPOS gateway: all events of a POS's orders, in order. For a shop that was down, or that cannot
 * receive callbacks.
 */
export { type EventsOptions, type FailedRead, type FeedEvent, endCursor, events } from './events.ts';
export type { HeaderValues } from '../options/header-values.ts';
export { EventsPrunedError } from './events-pruned-error.ts';
export { NoEventFeedError } from './no-event-feed-error.ts';
