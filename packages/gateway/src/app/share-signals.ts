/** Passes on to other processes what this one does, and to its own parts what others do. */
import type { Notifications } from '../store/ports/notifications.ts';
import type { Signals } from './opening.ts';

/** The process that stores a callback delivers it, if it has a free slot. The others look later, and all at once for many. */
const DELIVERY_HEAD_START_MS = 50;

export function shareSignals(
  { ordersChanged, tipMoved, callbackStored }: Pick<Signals, 'ordersChanged' | 'tipMoved' | 'callbackStored'>,
  notifications: Notifications,
): void {
  ordersChanged.publishOn(notifications.ordersChanged);
  // Which orders these are is unknown if there are too many: then the pages of all orders are polled.
  notifications.ordersChanged.on((ids) => ids !== 'all' && ordersChanged.emitHere(ids));
  tipMoved.publishOn(notifications.tipMoved);
  notifications.tipMoved.on(() => tipMoved.emitHere());
  callbackStored.publishOn(notifications.callbackStored);
  let waiting: NodeJS.Timeout | undefined;
  notifications.callbackStored.on(() => {
    waiting ??= setTimeout(() => {
      waiting = undefined;
      callbackStored.emitHere();
    }, DELIVERY_HEAD_START_MS).unref();
  });
}
