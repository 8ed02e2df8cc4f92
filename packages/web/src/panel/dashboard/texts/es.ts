import type { DashboardText } from './en.ts';

export const es: Readonly<Record<DashboardText, string>> = {
  start: 'Inicio',
  attention: 'Requiere atención',
  all_well: 'Nada requiere atención',
  orders_need: 'Pedidos que requieren atención: {n}',
  unassigned: 'Pagos sin pedido: {n}',
  endpoints_fail: 'Destinos que fallan una y otra vez: {n}',
  sales: 'Ventas',
  sales_more: 'Pedidos pagados, menos los que la red revirtió. Los días están en UTC.',
  counting: 'Se están contando los eventos de los últimos 30 días. Recargue esta página en un momento.',
  no_sales: 'No se vendió nada en los últimos 30 días.',
  today: 'Hoy',
  days_30: 'Últimos 30 días',
  paid_orders: 'Pedidos pagados: {n}',
  health: 'Pasarela',
  node: 'Nodo de Bitcoin',
  node_ready: 'Al día',
  node_trouble: 'Problema',
  block: 'bloque {height}',
  rate_in: '1 BTC en {currency}',
  no_rate: 'Sin cambio',
};
