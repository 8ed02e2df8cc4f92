/**
 * The logs of a serving process, on standard error. Events are written at once. Lines about requests are buffered and written together
 * within a second, because a write costs as much as the rest of a short request. A process that ends cleanly writes all of them; one
 * that is killed may lose those of its last second.
 */
import process from 'node:process';
import { pino } from 'pino';
import { createLog, type Log } from './log.ts';
import { RequestLines } from './request-lines.ts';

export interface ProcessLogs {
  readonly log: Log;
  readonly accessLog: RequestLines;
  /** Writes the buffered lines. */
  end(): void;
}

/** @param fd The file descriptor for the lines. Default: standard error. */
export function openProcessLogs(level: string, fd = 2): ProcessLogs {
  const destination = pino.destination({ fd, sync: true });
  const accessLog = new RequestLines({ level, write: (lines) => void destination.write(lines) });
  const flush = (): void => {
    accessLog.flush();
    destination.flushSync();
  };
  process.once('exit', flush);
  const unbuffered = {
    // Buffered lines come first, so that all lines are in chronological order.
    write: (line: string): void => {
      accessLog.flush();
      destination.write(line);
    },
  };
  return {
    log: createLog(level, unbuffered),
    accessLog,
    end: () => {
      process.off('exit', flush);
      flush();
    },
  };
}
