import type { CallbackId } from '../../kernel/ids.ts';
import { showCallback } from '../../services/callbacks/callback-log.ts';
import { callbackDetails } from '../../contract/callback-json.ts';
import type { Command } from '../command.ts';
import { lines } from '../support/lines.ts';
import { readOptions } from '../support/options.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos callback show UUID`: a callback with its body, as it was and will be sent, and every attempt to deliver it. */
export const callbackShow: Command = async (world, config, words) => {
  const options = readOptions(words, [], { argument: true });
  const id = options.argument<CallbackId>('a callback');
  const { callback, attempts } = await withBase(world, config, (base) => showCallback(base, id));
  const shown = callbackDetails(callback, attempts);
  world.out(options.json ? JSON.stringify(shown) : lines({ ...shown }));
};
