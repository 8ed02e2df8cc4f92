import type { FrameText } from './en.ts';

export const pt: Readonly<Record<FrameText, string>> = {
  log_out: 'Sair',
  navigation: 'Secções do painel',
  sandbox: 'Ambiente de testes',
  skip: 'Ir para o conteúdo',
  nav_orders: 'Pedidos',
  nav_links: 'Links de pagamento',
  nav_callbacks: 'Callbacks',
  nav_reports: 'Relatórios',
  nav_settings: 'Definições',
  broken_seals:
    'Alarme: linhas do banco de dados que decidem para onde vai o dinheiro não são autênticas ({count}). O que depende delas não é vendido. Execute webpos doctor na máquina do gateway.',
  nav_notifications: 'Notificações',
  nav_people: 'Pessoas',
  nav_audit: 'Auditoria',
  nav_refunds: 'Reembolsos',
  missing: 'Não encontrado',
  missing_more: 'Esta página não existe, ou não tem permissão para a ver.',
  refused: 'Não permitido',
  refused_more: 'A sua função não o permite. Fale com um proprietário deste gateway.',
  to_start: 'Para a página inicial',
};
