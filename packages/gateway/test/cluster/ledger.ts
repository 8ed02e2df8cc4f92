/** What the gateways have ever answered to shops, which they must stand by whatever happened since. */

export interface AcknowledgedOrder {
  readonly id: string;
  readonly address: string;
  readonly amount: bigint;
  /** The reference of the order, which is also its idempotency key. */
  readonly reference: string;
  /** The name of the process that answered. */
  readonly by: string;
  /** When the request was sent and answered, in milliseconds of `performance.now()`. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

export interface AcknowledgedCancel {
  readonly id: string;
  readonly sentAt: number;
  readonly answeredAt: number;
}

export class Ledger {
  readonly orders: AcknowledgedOrder[] = [];
  readonly cancels: AcknowledgedCancel[] = [];
  /** Answers that should never occur. */
  readonly wrong: string[] = [];
  /** How many creations were answered only after they had been sent again. */
  sentAgain = 0;
  /** How many answers were 503. */
  refusals = 0;

  /** The code and the message of the last one. */
  lastRefusal = 'nothing';

  refused(code: string, message: string): void {
    this.lastRefusal = `${code} ${message}`;
    this.refusals += 1;
  }
}
