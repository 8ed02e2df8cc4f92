/** The order in which queues get slots. */
import type { QueueKey } from './queue-key.ts';

/** Turns for queues with fresh events per turn for a queue that has only retries. */
const FRESH_TURNS = 7;

/** Rotates sorted keys to begin after the one that got the last turn. */
export function beginAfter(keys: readonly QueueKey[], last: string): readonly QueueKey[] {
  const start = keys.findIndex((key) => key > last);
  return start > 0 ? [...keys.slice(start), ...keys.slice(0, start)] : keys;
}

/** Gives every eighth turn to a queue that has only retries. */
export function interleave(fresh: readonly QueueKey[], retries: readonly QueueKey[]): QueueKey[] {
  if (retries.length === 0) return [...fresh];
  const turn: QueueKey[] = [];
  let next = 0;
  fresh.forEach((key, n) => {
    turn.push(key);
    const retry = (n + 1) % FRESH_TURNS === 0 ? retries[next++] : undefined;
    if (retry !== undefined) turn.push(retry);
  });
  return [...turn, ...retries.slice(next)];
}
