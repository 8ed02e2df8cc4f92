import { OperatorError } from '../../kernel/operator-error.ts';

/** Why a refund cannot be requested or changed. */
export type RefundProblem =
  | 'unknown_order'
  | 'unknown_refund'
  /** The destination is not an address, or one of another network. */
  | 'address'
  | 'network'
  /** The destination is an address of this gateway. */
  | 'own_address'
  /** More than is left of what was received. */
  | 'too_much'
  /** Less than nodes relay. */
  | 'too_little'
  /** There is no exchange rate. */
  | 'no_rate'
  /** The fiat amount is not one of the order's currency. */
  | 'amount'
  /** The refund is in a state that does not allow it. */
  | 'state'
  | 'too_many'
  /** The output is unknown, pays something else, or is linked already. */
  | 'payout'
  /** A cancelled refund of the order was paid nevertheless. */
  | 'paid_before'
  /** Its destination or its amount is not the one that was requested or approved. */
  | 'unverified'
  /** The buyer has given another address since, which is in no refund. */
  | 'changed';

export class RefundError extends OperatorError {
  override readonly name = 'RefundError';
  readonly problem: RefundProblem;

  constructor(problem: RefundProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}
