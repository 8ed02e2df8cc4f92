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
  leader: 'Process {name} leads in term {term}.',
  leader_none: 'No process has followed the chain since term {term} ended. The next one that serves begins at once.',
  leader_read: 'It read the chain {time}.',
  leader_reading: 'It has not read the chain to its tip yet.',
  leader_watches: 'one: It watches {n} address. | other: It watches {n} addresses.',
  skipped: 'Wallet {account}, {at}: addresses {from} to {to} were skipped: {reason}',
  skipped_one: 'Wallet {account}, {at}: address {from} was skipped: {reason}',
  skipped_older_database:
    'the database was older than the marks file. What was handed out after it was copied is not handed out again.',
  skipped_failover: 'the database failed over to a replica, which may have lost orders.',
  skipped_mark: 'another gateway or database uses the same wallet.',
  marks_missing:
    '{at}: the marks file of this database was missing. If the database is an older copy, addresses that were handed out since may be handed out again. Skip them with {command}.',
} as const;

export type FrameText = keyof typeof en;
