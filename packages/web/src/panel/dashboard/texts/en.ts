/** The texts of the start page. */
export const en = {
  start: 'Start',
  attention: 'Needs attention',
  all_well: 'Nothing needs attention',
  orders_need: 'Orders that need attention: {n}',
  unassigned: 'Payments without an order: {n}',
  endpoints_fail: 'Endpoints that keep failing: {n}',
  sales: 'Sales',
  sales_more: 'Orders that were paid, less those whose payments did not go through.',
  days_in: 'Days are in the time zone {zone}.',
  counting: 'The events of the last 30 days are being counted. Load this page again in a moment.',
  no_sales: 'Nothing was sold in the last 30 days.',
  today: 'Today',
  days_30: 'Last 30 days',
  paid_orders: 'Paid orders: {n}',
  health: 'Gateway',
  node: 'Bitcoin node',
  node_ready: 'Up to date',
  node_trouble: 'Trouble',
  block: 'block {height}',
  rate_in: '1 BTC in {currency}',
  no_rate: 'No rate',
} as const;

export type DashboardText = keyof typeof en;
