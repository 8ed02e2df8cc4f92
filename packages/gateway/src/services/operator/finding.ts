/** A finding of `webpos doctor`. */
export interface Finding {
  /** What was examined, such as `chain` or `rates EUR`. */
  readonly what: string;
  /** `problem`: orders or payments fail, or will. `warning`: the operator should look at it. */
  readonly level: 'ok' | 'warning' | 'problem';
  /** The finding, and what to do about it. Never contains a secret. */
  readonly says: string;
}
