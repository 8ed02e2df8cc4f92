import type { CallbackId } from '../../kernel/ids.ts';
import { showCallback, showUncheckedCallback } from '../../services/callbacks/callback-log.ts';
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
  notes: [
    'Without the key file, shows the body as it is stored, and says (address_checked) that the address in it was not verified.',
  ],
  example: '5c3e8f0a-6f0a-4d0c-9a53-0d9c0fd0b001',
  run: async (world, config, options) => {
    const id = options.argument<CallbackId>('a callback');
    const { callback, attempts, isChecked } = await withBase(world, config, async ({ store, guardIfAny }) => {
      const guard = await guardIfAny();
      const found = guard === undefined ? await showUncheckedCallback({ store }, id) : await showCallback({ store, guard }, id);
      return { ...found, isChecked: guard !== undefined };
    });
    const shown = callbackDetails(callback, attempts);
    if (options.json) return world.out(JSON.stringify({ ...shown, address_checked: isChecked }));
    const checked = isChecked ? 'yes' : `no, because there is no key file at ${config.keyFile} (WEBPOS_KEY_FILE)`;
    world.out(lines({ ...shown, address_checked: checked }));
  },
});
