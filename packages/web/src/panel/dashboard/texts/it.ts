import type { DashboardText } from './en.ts';

export const it: Readonly<Record<DashboardText, string>> = {
  start: 'Inizio',
  attention: 'Richiede attenzione',
  all_well: 'Nulla richiede attenzione',
  orders_need: 'Ordini che richiedono attenzione: {n}',
  unassigned: 'Pagamenti senza ordine: {n}',
  endpoints_fail: 'Endpoint che continuano a fallire: {n}',
  sales: 'Vendite',
  sales_more: 'Ordini pagati, meno quelli revocati dalla rete. I giorni sono in UTC.',
  counting: 'Gli eventi degli ultimi 30 giorni sono in corso di conteggio. Ricarichi la pagina tra poco.',
  no_sales: 'Nessuna vendita negli ultimi 30 giorni.',
  today: 'Oggi',
  days_30: 'Ultimi 30 giorni',
  paid_orders: 'Ordini pagati: {n}',
  health: 'Stato del gateway',
  node: 'Nodo Bitcoin',
  node_ready: 'Aggiornato',
  node_trouble: 'Problema',
  block: 'blocco {height}',
  rate_in: '1 BTC in {currency}',
  no_rate: 'Nessun cambio',
};
