import type { DashboardText } from './en.ts';

export const pt: Readonly<Record<DashboardText, string>> = {
  start: 'Início',
  attention: 'Requer atenção',
  all_well: 'Nada requer atenção',
  orders_need: 'Pedidos que requerem atenção: {n}',
  unassigned: 'Pagamentos sem pedido: {n}',
  endpoints_fail: 'Destinos que falham repetidamente: {n}',
  sales: 'Vendas',
  sales_more: 'Pedidos pagos, menos os que a rede reverteu. Os dias estão em UTC.',
  counting: 'Os eventos dos últimos 30 dias estão sendo contados. Recarregue esta página daqui a pouco.',
  no_sales: 'Nada foi vendido nos últimos 30 dias.',
  today: 'Hoje',
  days_30: 'Últimos 30 dias',
  paid_orders: 'Pedidos pagos: {n}',
  health: 'Estado do gateway',
  node: 'Nó Bitcoin',
  node_ready: 'Atualizado',
  node_trouble: 'Problema',
  block: 'bloco {height}',
  rate_in: '1 BTC em {currency}',
  no_rate: 'Sem cotação',
};
