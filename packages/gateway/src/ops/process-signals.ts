/**
 * Signals from the operating system. The first SIGTERM or SIGINT (Ctrl+C) asks the process to stop, and the second one ends it at once,
 * with the status that shells use (128 plus the signal's number). SIGHUP asks it to reload its files.
 */
import { constants } from 'node:os';

/** The part of `process` that is used; tests pass a fake. */
export interface SignalSource {
  on(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP', listener: () => void): unknown;
  exit(status: number): void;
}

/** Resolves to the name of the first signal that asks the process to stop. */
export function stopRequested(source: SignalSource): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (name: 'SIGTERM' | 'SIGINT'): void => {
      if (asked) source.exit(128 + constants.signals[name]);
      asked = true;
      resolve(name);
    };
    source.on('SIGTERM', () => ask('SIGTERM'));
    source.on('SIGINT', () => ask('SIGINT'));
  });
}

/** Calls back on every signal to reload. */
export function onReload(source: SignalSource, reload: () => void): void {
  source.on('SIGHUP', reload);
}
