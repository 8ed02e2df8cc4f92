import type { Command } from './command.ts';
import { readOptions } from './options.ts';

/** `webpos serve`: runs until it is asked to stop. */
export const serve: Command = async (world, config, words) => {
  const { json } = readOptions(words, []);
  const gateway = await world.startGateway(config);
  world.out(
    json
      ? JSON.stringify({ url: gateway.url, mode: config.mode, network: config.network })
      : `WebPOS (${config.mode}) serves at ${gateway.url}`,
  );
  world.onReload?.(() => gateway.reload());
  await world.stopRequested();
  await gateway.stop();
};
