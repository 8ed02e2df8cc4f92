import type { FrameText } from './en.ts';

export const it: Readonly<Record<FrameText, string>> = {
  log_out: 'Esci',
  navigation: 'Sezioni del pannello',
  sandbox: 'Ambiente di prova',
  skip: 'Vai al contenuto',
  nav_callbacks: 'Callback',
  nav_reports: 'Rapporti',
  nav_settings: 'Impostazioni',
  missing: 'Non trovato',
  missing_more: 'Questa pagina non esiste, o Lei non può vederla.',
  refused: 'Non consentito',
  refused_more: 'Il Suo ruolo non lo permette. Si rivolga a un proprietario di questo gateway.',
  to_start: 'Alla pagina iniziale',
};
