import type { CallbackId } from '../../kernel/ids.ts';
import { showCallback } from '../../services/callbacks/callback-log.ts';
import { callbackDetails } from '../../contract/callback-json.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { lines } from '../support/lines.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos callback show`: shows a callback with the body that is sent, and every attempt to deliver it. */
export const callbackShow: Command = defineCommand({
  name: 'callback show',
  summary: 'Show a callback with its body and every attempt to deliver it',
  usage: 'UUID',
  argument: { name: 'UUID', text: 'callback to show' },
  options: {},
  example: '5c3e8f0a-6f0a-4d0c-9a53-0d9c0fd0b001',
  run: async (world, config, options) => {
    const id = options.argument<CallbackId>('a callback');
    const { callback, attempts } = await withBase(world, config, async ({ store, guard }) =>
      showCallback({ store, guard: await guard() }, id),
    );
    const shown = callbackDetails(callback, attempts);
    world.out(options.json ? JSON.stringify(shown) : lines({ ...shown }));
  },
});
