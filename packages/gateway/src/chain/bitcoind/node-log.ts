/** What this folder needs of a log; a pino logger is one. Nothing written here holds a secret. */
export interface NodeLog {
  info(message: string): void;
  warn(message: string): void;
}
