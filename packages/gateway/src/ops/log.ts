/** The log: JSON lines on standard error, with nothing secret in them. */
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';

export type Log = Logger;

/** Fields that hold secrets wherever they turn up; a net below the rule that nobody logs them. */
const SECRETS = ['authorization', 'secret', 'password', 'access_token', 'id_token', 'cookie'];

/** @param destination Where the lines go. Default: standard error, written at once, so that none is lost at the end. */
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
