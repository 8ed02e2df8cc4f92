import type { Command } from './command.ts';
import { readOptions } from './options.ts';

/** `webpos serve`: runs until it is asked to stop. */
export const serve: Command = async (world, config, words) => {
  const { json } = readOptions(words, []);
  const gateway = await world.startGateway(config);
  // Whoever is told that it serves may ask it to stop at once, and then it stops in order.
  const stopRequested = world.stopRequested();
  world.onReload?.(() => gateway.reload());
  world.out(
    json
      ? JSON.stringify({ url: gateway.url, mode: config.mode, network: config.network })
      : `WebPOS (${config.mode}) serves at ${gateway.url}`,
  );
  await stopRequested;
  await gateway.stop();
};
