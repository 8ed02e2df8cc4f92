/**
 * The logs of a process that serves, on its standard error. What happens is written at once. The lines of requests are gathered
 * and written some at a time, within a second at the latest, for each writing costs as much as the rest of a short request; a
 * process that ends in order writes all of them, one that is killed may lose those of its last second.
 */
import process from 'node:process';
import { pino } from 'pino';
import { createAccessLog, createLog, type Log } from './log.ts';

export interface ProcessLogs {
  readonly log: Log;
  readonly accessLog: Log;
  /** Writes what is still to be written. */
  end(): void;
}

const GATHERED_BYTES = 4_096;
const GATHERED_MS = 1_000;

/** @param fd Where the lines go. Default: standard error. */
export function openProcessLogs(level: string, fd = 2): ProcessLogs {
  const lines = pino.destination({ fd, sync: true, minLength: GATHERED_BYTES, periodicFlush: GATHERED_MS });
  const flush = (): void => lines.flushSync();
  process.once('exit', flush);
  const atOnce = {
    // Behind what is still gathered, so that lines stand in the order of their times.
    write: (line: string): void => {
      lines.write(line);
      lines.flushSync();
    },
  };
  return {
    log: createLog(level, atOnce),
    accessLog: createAccessLog(level, lines),
    end: () => {
      process.off('exit', flush);
      flush();
    },
  };
}
