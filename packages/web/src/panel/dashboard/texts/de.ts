import type { DashboardText } from './en.ts';

export const de: Readonly<Record<DashboardText, string>> = {
  start: 'Start',
  attention: 'Erfordert Aufmerksamkeit',
  all_well: 'Nichts erfordert Aufmerksamkeit',
  orders_need: 'Bestellungen, die Aufmerksamkeit erfordern: {n}',
  unassigned: 'Zahlungen ohne Bestellung: {n}',
  endpoints_fail: 'Endpunkte, die immer wieder scheitern: {n}',
  sales: 'Umsatz',
  sales_more: 'Bezahlte Bestellungen abzüglich derer, die das Netzwerk rückgängig gemacht hat. Tage sind in UTC.',
  counting: 'Die Ereignisse der letzten 30 Tage werden gezählt. Laden Sie diese Seite gleich noch einmal.',
  no_sales: 'In den letzten 30 Tagen wurde nichts verkauft.',
  today: 'Heute',
  days_30: 'Letzte 30 Tage',
  paid_orders: 'Bezahlte Bestellungen: {n}',
  health: 'Zustand',
  node: 'Bitcoin-Node',
  node_ready: 'Auf dem neuesten Stand',
  node_trouble: 'Störung',
  block: 'Block {height}',
  rate_in: '1 BTC in {currency}',
  no_rate: 'Kein Kurs',
};
