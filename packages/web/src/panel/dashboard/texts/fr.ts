import type { DashboardText } from './en.ts';

export const fr: Readonly<Record<DashboardText, string>> = {
  start: 'Accueil',
  attention: 'À traiter',
  all_well: 'Rien à traiter',
  orders_need: 'Commandes à traiter : {n}',
  unassigned: 'Paiements sans commande : {n}',
  endpoints_fail: 'Points de réception en échec : {n}',
  sales: 'Ventes',
  sales_more: 'Commandes payées, moins celles que le réseau a annulées. Les jours sont en UTC.',
  counting: 'Les événements des 30 derniers jours sont en cours de comptage. Rechargez cette page dans un instant.',
  no_sales: 'Aucune vente au cours des 30 derniers jours.',
  today: 'Aujourd’hui',
  days_30: '30 derniers jours',
  paid_orders: 'Commandes payées : {n}',
  health: 'Passerelle',
  node: 'Nœud Bitcoin',
  node_ready: 'À jour',
  node_trouble: 'Problème',
  block: 'bloc {height}',
  rate_in: '1 BTC en {currency}',
  no_rate: 'Aucun taux',
};
