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
  nav_refunds: 'Devoluções',
  missing: 'Não encontrado',
  missing_more: 'Esta página não existe, ou não tem permissão para a ver.',
  refused: 'Não permitido',
  refused_more: 'A sua função não o permite. Fale com um proprietário deste gateway.',
  to_start: 'Para a página inicial',
  leader: 'O processo {name} lidera no mandato {term}.',
  leader_none:
    'Nenhum processo acompanha a blockchain desde o fim do mandato {term}. O próximo que entrar em serviço começa de imediato.',
  leader_read: 'Leu a blockchain {time}.',
  leader_reading: 'Ainda não leu a blockchain até o último bloco.',
  leader_watches: 'one: Vigia {n} endereço. | other: Vigia {n} endereços.',
  skipped: 'Carteira {account}, {at}: os endereços {from} a {to} foram saltados: {reason}',
  skipped_one: 'Carteira {account}, {at}: o endereço {from} foi saltado: {reason}',
  skipped_older_database:
    'o banco de dados era mais antigo do que o arquivo de marcas. O que foi atribuído depois da cópia não é atribuído de novo.',
  skipped_failover: 'o banco de dados passou para uma réplica, que pode ter perdido pedidos.',
  skipped_mark: 'outro gateway ou banco de dados usa a mesma carteira.',
  marks_missing:
    '{at}: faltava o arquivo de marcas deste banco de dados. Se o banco de dados for uma cópia mais antiga, os endereços atribuídos desde então podem ser atribuídos de novo. Use {command} para saltar esses endereços.',
};
