/**
 * Logs problems that do not fail a call. `console` fits, and so do most loggers.
 *
 * @example
 * const logger: Logger = { warn: (message, error) => log.warn({ err: error }, message) };
 */
export interface Logger {
  /** Logs one warning, and the error behind it. */
  warn(message: string, error?: unknown): unknown;
}
