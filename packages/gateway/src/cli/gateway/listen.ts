import { LISTEN_HELP, type ValueHelp } from '@webpos/listen/help';
import { readConfig } from '../../config/read-config.ts';
import type { Command } from '../command.ts';
import { publicUrlOf } from '../support/public-url.ts';
import { UsageError } from '../support/usage-error.ts';

const URL_OPTION: ValueHelp = {
  value: 'URL',
  text: 'URL of the gateway',
  allowed: 'an http or https URL',
  default: 'WEBPOS_URL, or else the gateway of these settings',
};

/** `webpos listen`: forwards the events of a POS to a URL on this machine. It talks to a gateway, by default the one of these settings, as a shop does. */
export const listen: Command = {
  ...LISTEN_HELP,
  options: { ...LISTEN_HELP.options, url: URL_OPTION },
  run: async (world, words) => {
    const config = readConfig(world.environment);
    const stop = new AbortController();
    world.onInterrupt?.(() => stop.abort());
    const defaults = { WEBPOS_URL: publicUrlOf(config), WEBPOS_MODE: config.mode };
    // Loaded on demand: it brings the client library, which no other command needs.
    const { listen: runListen, readStdin, UsageError: ListenUsageError } = await import('@webpos/listen');
    try {
      await runListen({
        words,
        environment: { ...defaults, ...world.environment },
        out: world.out,
        err: world.err,
        now: Date.now,
        readStdin,
        signal: stop.signal,
      });
    } catch (error) {
      if (error instanceof ListenUsageError) throw new UsageError(error.message);
      throw error;
    }
  },
};
