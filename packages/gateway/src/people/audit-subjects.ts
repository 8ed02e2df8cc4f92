/** What somebody does something to, as the audit log records it. */
export const AUDIT_SUBJECTS = [
  'order',
  'callback',
  'refund',
  'link',
  'pos',
  'account',
  'merchant',
  'person',
  'session',
  'token',
  'report',
  'gateway',
] as const;
