/** The log: JSON lines on standard error, without secrets. */
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';

export type Log = Logger;

/** Fields that are redacted wherever they appear, in case somebody logs them against the rules. */
const SECRETS = ['authorization', 'secret', 'password', 'access_token', 'id_token', 'cookie'];

/** @param destination Default: standard error, written synchronously, so that the last lines are not lost. */
export function createLog(level: string, destination: DestinationStream = pino.destination({ fd: 2, sync: true })): Log {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths, censor: '[secret]' },
  };
  return pino(options, destination);
}
