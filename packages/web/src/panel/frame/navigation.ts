/** The entries of the panel's navigation, in their order. An entry is shown to those who have its permission. */
import type { FrameText } from './texts/en.ts';

export interface NavigationEntry {
  readonly path: string;
  readonly permission: string;
  readonly text: FrameText;
}

export const NAVIGATION: readonly NavigationEntry[] = [
  { path: '/panel/orders', permission: 'orders.read', text: 'nav_orders' },
  { path: '/panel/refunds', permission: 'refunds.read', text: 'nav_refunds' },
  { path: '/panel/links', permission: 'links.read', text: 'nav_links' },
  { path: '/panel/callbacks', permission: 'callbacks.read', text: 'nav_callbacks' },
  { path: '/panel/reports', permission: 'reports.read', text: 'nav_reports' },
  { path: '/panel/settings', permission: 'settings.read', text: 'nav_settings' },
  { path: '/panel/notifications', permission: 'self.manage', text: 'nav_notifications' },
  { path: '/panel/people', permission: 'people.manage', text: 'nav_people' },
  { path: '/panel/audit', permission: 'audit.read', text: 'nav_audit' },
];
