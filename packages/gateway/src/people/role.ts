/** What people may do in the panel, by role. */

export const ROLES = ['owner', 'manager', 'accountant', 'cashier'] as const;
export type Role = (typeof ROLES)[number];

export const PERMISSIONS = [
  'orders.read',
  'orders.cancel',
  /** Settle or refuse an order manually. */
  'orders.decide',
  'orders.note',
  'callbacks.read',
  'callbacks.redeliver',
  'refunds.read',
  'refunds.manage',
  /** Reports and exports. */
  'reports.read',
  'links.read',
  'links.manage',
  'settings.read',
  'settings.manage',
  /** Create, enable and disable POS, and rotate their secrets. */
  'secrets.manage',
  'wallets.manage',
  'people.manage',
  'audit.read',
  /** The person's own profile, sessions, passkeys and notifications. */
  'self.manage',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const READ = ['orders.read', 'callbacks.read', 'refunds.read', 'links.read', 'self.manage'] as const;

const PERMISSIONS_OF: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  owner: new Set(PERMISSIONS),
  manager: new Set<Permission>([
    ...READ,
    'orders.cancel',
    'orders.decide',
    'orders.note',
    'callbacks.redeliver',
    'refunds.manage',
    'reports.read',
    'links.manage',
    'settings.read',
    'settings.manage',
  ]),
  accountant: new Set<Permission>([...READ, 'reports.read', 'audit.read']),
  /** Sees the orders of today only. */
  cashier: new Set<Permission>(['orders.read', 'orders.cancel', 'orders.note', 'self.manage']),
};

export function permissionsOf(role: Role): ReadonlySet<Permission> {
  return PERMISSIONS_OF[role];
}

export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text);
}
