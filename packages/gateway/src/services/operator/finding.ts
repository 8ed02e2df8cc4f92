/** What doctor has found, of one thing that it looked at. */
export interface Finding {
  /** What was looked at: `chain`, `rates EUR`. */
  readonly what: string;
  /** `problem`: sales or payments fail, or will; `warning`: it should be looked at. */
  readonly level: 'ok' | 'warning' | 'problem';
  /** How it does, and where it does not, what to do. Never a secret. */
  readonly says: string;
}
