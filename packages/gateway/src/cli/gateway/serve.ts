import { OperatorError } from '../../kernel/operator-error.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';

/** `webpos serve`: serves until the process is asked to stop, or until the database must not be served any longer. */
export const serve: Command = defineCommand({
  name: 'serve',
  summary: 'Serve the API and the pages, follow the chain and send callbacks',
  usage: '',
  options: {},
  notes: [
    'Runs until SIGINT or SIGTERM, and then answers the requests in progress. SIGHUP reloads the TLS certificate. The log is on ' +
      'standard error.',
  ],
  example: '',
  run: async (world, config, { json }) => {
    const gateway = await world.startGateway(config);
    // Listens for signals before it reports that it serves, so that a caller can stop it cleanly at once.
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
  },
});
