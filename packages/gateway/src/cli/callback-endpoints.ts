import { isoDate } from '../kernel/clock.ts';
import { listEndpoints, MOST_COUNTED } from '../services/callback-log.ts';
import type { Command } from './command.ts';
import { readOptions } from './options.ts';
import { table } from './table.ts';
import { withBase } from './with-base.ts';

const HEADS = ['endpoint', 'failing_since', 'failures', 'waiting', 'next_attempt_at', 'last_error'];

/** `webpos callback endpoints`: where callbacks go that fail or wait, and how each does. */
export const callbackEndpoints: Command = async (world, config, words) => {
  const options = readOptions(words, []);
  const states = await withBase(world, config, listEndpoints);
  const shown = states.map(({ endpoint, failing, waiting, nextAttemptAt }) => ({
    endpoint,
    failing_since: failing === undefined ? null : isoDate(failing.since),
    failures: failing?.failures ?? 0,
    waiting,
    next_attempt_at: nextAttemptAt === undefined ? null : isoDate(nextAttemptAt),
    last_error: failing?.lastError ?? null,
  }));
  if (options.json) return world.out(JSON.stringify(shown));
  if (shown.length === 0) return world.out('No endpoint fails, and no callback waits.');
  const rows = shown.map((one) => [
    one.endpoint,
    one.failing_since,
    one.failures,
    one.waiting === MOST_COUNTED ? `${MOST_COUNTED}+` : one.waiting,
    one.next_attempt_at,
    one.last_error,
  ]);
  world.out(table(HEADS, rows));
};
