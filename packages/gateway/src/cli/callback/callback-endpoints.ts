import { endpointSummary } from '../../contract/callback-json.ts';
import { listEndpoints, MAX_COUNTED } from '../../services/callbacks/callback-log.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { table } from '../support/table.ts';
import { withBase } from '../support/with-base.ts';

const HEADS = ['pos', 'endpoint', 'failing_since', 'failures', 'waiting', 'next_attempt_at', 'last_error'];

/** `webpos callback endpoints`: lists endpoints that fail or have callbacks waiting. */
export const callbackEndpoints: Command = defineCommand({
  name: 'callback endpoints',
  summary: 'List endpoints that fail or have callbacks waiting',
  usage: '',
  options: {},
  example: '',
  run: async (world, config, options) => {
    const shown = (await withBase(world, config, listEndpoints)).map(endpointSummary);
    if (options.json) return world.out(JSON.stringify(shown));
    if (shown.length === 0) return world.out('No endpoint fails, and no callback is waiting.');
    const rows = shown.map((one) => [
      one.pos,
      one.endpoint,
      one.failing_since,
      one.failures,
      one.waiting === MAX_COUNTED ? `${MAX_COUNTED}+` : one.waiting,
      one.next_attempt_at,
      one.last_error,
    ]);
    world.out(table(HEADS, rows));
  },
});
