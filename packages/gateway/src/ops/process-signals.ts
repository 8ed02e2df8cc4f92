/**
 * What the operating system asks of the process. SIGTERM and SIGINT (Ctrl+C) ask it to stop, and the second one to stop at once,
 * with the status that shells give to it (128 and the signal's number); SIGHUP asks it to look at its files again.
 */
import { constants } from 'node:os';

/** As much of `process` as is needed; tests give their own. */
export interface SignalSource {
  on(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP', listener: () => void): unknown;
  exit(status: number): void;
}

/** Settles with the name of the first signal that asks to stop. */
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

export function onReload(source: SignalSource, reload: () => void): void {
  source.on('SIGHUP', reload);
}
