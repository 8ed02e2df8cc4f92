import { OperatorError } from '../kernel/operator-error.ts';
import type { CallbackId } from '../kernel/ids.ts';
import { callbackSummary } from './callback-json.ts';
import type { Command } from './command.ts';
import { lines } from './lines.ts';
import { readOptions } from './options.ts';
import { withBase } from './with-base.ts';

/** `webpos callback show UUID`: a callback with its body, as it was and will be sent. */
export const callbackShow: Command = async (world, config, words) => {
  const options = readOptions(words, [], { argument: true });
  const id = options.argument<CallbackId>('a callback');
  const callback = await withBase(world, config, ({ store }) => store.callbacks.get(id));
  if (callback === undefined) throw new OperatorError(`callback: there is none with id ${id}`);
  const shown = { ...callbackSummary(callback), body: callback.body };
  world.out(options.json ? JSON.stringify(shown) : lines(shown));
};
