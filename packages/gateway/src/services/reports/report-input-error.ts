/** What is wrong with a field, for the texts of pages. */
export type ReportFault = 'before_from' | 'too_long' | 'only_payments' | 'one_year' | 'unknown';

/** A report that cannot be made as it was asked for. */
export class ReportInputError extends Error {
  override readonly name = 'ReportInputError';
  readonly field: 'to' | 'format' | 'pos' | 'merchant' | 'time_zone';
  readonly fault: ReportFault;

  constructor(field: ReportInputError['field'], message: string, fault: ReportFault) {
    super(message);
    this.field = field;
    this.fault = fault;
  }
}
