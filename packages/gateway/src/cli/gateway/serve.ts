import { OperatorError } from '../../kernel/operator-error.ts';
import type { Command } from '../command.ts';
import { readOptions } from '../support/options.ts';

/** `webpos serve`: runs until it is asked to stop, or until another gateway has taken its database. */
export const serve: Command = async (world, config, words) => {
  const { json } = readOptions(words, []);
  const gateway = await world.startGateway(config);
  // Anyone who is told that it serves may ask it to stop at once, and then it stops in order.
  const stopRequested = world.stopRequested();
  world.onReload?.(() => gateway.reload());
  world.out(
    json
      ? JSON.stringify({ url: gateway.url, mode: config.mode, network: config.network })
      : `WebPOS (${config.mode}) serves at ${gateway.url}`,
  );
  const lost = await Promise.race([stopRequested.then(() => undefined), gateway.lost]);
  const failed = await gateway.stop();
  if (lost !== undefined) throw new OperatorError(lost);
  if (failed.length > 0) throw new OperatorError(`these parts failed to stop (the log says why): ${failed.join(', ')}`);
};
