/** What people can be notified of, which permission each kind needs, and which kinds are urgent. */
import type { Permission } from '../people/role.ts';

export const NOTICE_KINDS = [
  'order.paid',
  'order.attention',
  'payment.unassigned',
  'refund.requested',
  'endpoint.failing',
  'chain.trouble',
  'seal.broken',
  'sign_in.new_device',
  'people.changed',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export interface KindRule {
  /** Without it, nobody is notified of this kind. */
  readonly permission: Permission;
  /**
   * `pos`: those who see the POS. `all_pos`: those who see every POS, because it belongs to none. `gateway`: everybody with the
   * permission. `person`: the person whom it is about, and those with the permission `people.manage`.
   */
  readonly concerns: 'pos' | 'all_pos' | 'gateway' | 'person';
  /** Whether it may break through quiet hours and digests, if the person wants that. */
  readonly isUrgent: boolean;
}

const RULES: Readonly<Record<NoticeKind, KindRule>> = {
  'order.paid': { permission: 'orders.read', concerns: 'pos', isUrgent: false },
  'order.attention': { permission: 'orders.read', concerns: 'pos', isUrgent: false },
  'payment.unassigned': { permission: 'orders.read', concerns: 'all_pos', isUrgent: false },
  'refund.requested': { permission: 'refunds.read', concerns: 'pos', isUrgent: false },
  'endpoint.failing': { permission: 'callbacks.read', concerns: 'pos', isUrgent: true },
  'chain.trouble': { permission: 'settings.read', concerns: 'gateway', isUrgent: true },
  'seal.broken': { permission: 'settings.read', concerns: 'gateway', isUrgent: true },
  'sign_in.new_device': { permission: 'self.manage', concerns: 'person', isUrgent: true },
  'people.changed': { permission: 'self.manage', concerns: 'person', isUrgent: true },
};

export function ruleOf(kind: NoticeKind): KindRule {
  return RULES[kind];
}

export function isNoticeKind(text: string): text is NoticeKind {
  return NOTICE_KINDS.some((kind) => kind === text);
}
