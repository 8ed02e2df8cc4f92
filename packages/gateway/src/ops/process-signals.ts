/**
 * Signals from the operating system. The first SIGTERM or SIGINT (Ctrl+C) asks the process to stop, and the second one ends it at once,
 * with the status that shells use (128 plus the signal's number). SIGHUP asks it to reload its files.
 *
 * npm forwards signals to the script that it runs. A terminal sends Ctrl+C to both, so the script receives it twice, within
 * milliseconds: the second time is no second request.
 */
import { constants } from 'node:os';

/** The part of `process` that is used; tests pass a fake. */
export interface SignalSource {
  on(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP', listener: () => void): unknown;
  exit(status: number): void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Nobody presses Ctrl+C twice within this time, in milliseconds. */
const FORWARDED_WITHIN_MS = 500;

/** Resolves to the name of the first signal that asks the process to stop. */
export function stopRequested(source: SignalSource, nowMs: () => number = () => performance.now()): Promise<string> {
  const ignoredMs = source.env['npm_lifecycle_event'] === undefined ? 0 : FORWARDED_WITHIN_MS;
  return new Promise((resolve) => {
    let askedAtMs: number | undefined;
    const ask = (name: 'SIGTERM' | 'SIGINT'): void => {
      if (askedAtMs === undefined) {
        askedAtMs = nowMs();
        resolve(name);
      } else if (nowMs() - askedAtMs >= ignoredMs) source.exit(128 + constants.signals[name]);
    };
    source.on('SIGTERM', () => ask('SIGTERM'));
    source.on('SIGINT', () => ask('SIGINT'));
  });
}

/** Calls back on every signal to reload. */
export function onReload(source: SignalSource, reload: () => void): void {
  source.on('SIGHUP', reload);
}
