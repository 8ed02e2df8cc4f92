/**
 * The logs of a process that serves, on its standard error. What happens is written at once. The lines of requests are gathered
 * and written some at a time, within a second at the latest, for each writing costs as much as the rest of a short request; a
 * process that ends in order writes all of them, one that is killed may lose those of its last second.
 */
import process from 'node:process';
import { pino } from 'pino';
import { createLog, type Log } from './log.ts';
import { RequestLines } from './request-lines.ts';

export interface ProcessLogs {
  readonly log: Log;
  readonly accessLog: RequestLines;
  /** Writes what is still to be written. */
  end(): void;
}

/** @param fd Where the lines go. Default: standard error. */
export function openProcessLogs(level: string, fd = 2): ProcessLogs {
  const destination = pino.destination({ fd, sync: true });
  const accessLog = new RequestLines({ level, write: (lines) => void destination.write(lines) });
  const flush = (): void => {
    accessLog.flush();
    destination.flushSync();
  };
  process.once('exit', flush);
  const atOnce = {
    // Behind what is still gathered, so that lines stand in the order of their times.
    write: (line: string): void => {
      accessLog.flush();
      destination.write(line);
    },
  };
  return {
    log: createLog(level, atOnce),
    accessLog,
    end: () => {
      process.off('exit', flush);
      flush();
    },
  };
}
