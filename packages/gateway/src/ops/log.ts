/** The log: JSON lines on standard error, with nothing secret in them. */
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';

export type Log = Logger;

/** Fields that hold secrets wherever they turn up; a net below the rule that nobody logs them. */
const SECRETS = ['authorization', 'secret', 'password', 'access_token', 'id_token', 'cookie'];

/** @param destination Where the lines go. Default: standard error, written at once, so that none is lost at the end. */
export function createLog(level: string, destination: DestinationStream = pino.destination({ fd: 2, sync: true })): Log {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({ ...optionsFor(level), redact: { paths, censor: '[secret]' } }, destination);
}

/**
 * The same for the line of every request, whose few fields are all known (api/access-log.ts) and none of which can hold a secret:
 * to look for one there costs more than to write the line.
 */
export function createAccessLog(level: string, destination: DestinationStream): Log {
  return pino(optionsFor(level), destination);
}

function optionsFor(level: string): LoggerOptions {
  return {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
}
