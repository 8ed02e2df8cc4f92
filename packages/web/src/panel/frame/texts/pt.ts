import type { FrameText } from './en.ts';

export const pt: Readonly<Record<FrameText, string>> = {
  log_out: 'Sair',
  navigation: 'Secções do painel',
  sandbox: 'Ambiente de testes',
  skip: 'Ir para o conteúdo',
  nav_callbacks: 'Callbacks',
  nav_reports: 'Relatórios',
  nav_settings: 'Definições',
  missing: 'Não encontrado',
  missing_more: 'Esta página não existe, ou não tem permissão para a ver.',
  refused: 'Não permitido',
  refused_more: 'A sua função não o permite. Fale com um proprietário deste gateway.',
  to_start: 'Para a página inicial',
};
