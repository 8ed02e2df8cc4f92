/** The texts that every page of the panel has. */
export const en = {
  log_out: 'Log out',
  navigation: 'Sections of the panel',
  sandbox: 'Sandbox',
  skip: 'Skip to the content',
  nav_orders: 'Orders',
  nav_links: 'Payment links',
  nav_callbacks: 'Callbacks',
  nav_reports: 'Reports',
  nav_settings: 'Settings',
  broken_seals:
    'Alarm: rows of the database that decide where money goes are not authentic ({count}). Nothing that they lead to is sold. Run webpos doctor on the gateway’s machine.',
  nav_notifications: 'Notifications',
  nav_people: 'People',
  nav_audit: 'Audit log',
  nav_refunds: 'Refunds',
  missing: 'Not found',
  missing_more: 'This page does not exist, or it is not one that you may see.',
  refused: 'Not allowed',
  refused_more: 'Your role does not include this. Ask an owner of this gateway.',
  to_start: 'To the start page',
} as const;

export type FrameText = keyof typeof en;
