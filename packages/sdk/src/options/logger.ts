/** Hears of what went wrong without an outage; `console` and the usual loggers are one. */
export interface Logger {
  /** Takes one warning, and the error that led to it. */
  warn(message: string, error?: unknown): unknown;
}
