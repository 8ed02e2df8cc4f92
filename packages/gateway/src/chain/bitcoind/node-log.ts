/** The logger that this folder needs; a pino logger is one. No message contains a secret. */
export interface NodeLog {
  info(message: string): void;
  warn(message: string): void;
}
