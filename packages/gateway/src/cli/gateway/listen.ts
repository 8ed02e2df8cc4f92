import type { Command } from '../command.ts';
import { UsageError } from '../support/usage-error.ts';

/** `webpos listen`: forwards the events of a POS to a URL of this machine. It asks a gateway, here the one of these settings, as a shop does. */
export const listen: Command = async (world, config, words) => {
  const stop = new AbortController();
  world.onInterrupt?.(() => stop.abort());
  const scheme = config.tls === undefined ? 'http' : 'https';
  const own = { WEBPOS_URL: config.publicUrl ?? `${scheme}://${config.host}:${config.port}`, WEBPOS_MODE: config.mode };
  // Loaded when it is asked for: it brings a client library with it, which a start does not need.
  const { listen: runListen, readStdin, UsageError: ListenUsageError } = await import('@webpos/listen');
  try {
    await runListen({
      words,
      environment: { ...own, ...world.environment },
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
};
