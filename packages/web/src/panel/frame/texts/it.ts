import type { FrameText } from './en.ts';

export const it: Readonly<Record<FrameText, string>> = {
  log_out: 'Esci',
  navigation: 'Sezioni del pannello',
  sandbox: 'Ambiente di prova',
  skip: 'Vai al contenuto',
  nav_orders: 'Ordini',
  nav_links: 'Link di pagamento',
  nav_callbacks: 'Callback',
  nav_reports: 'Rapporti',
  nav_settings: 'Impostazioni',
  broken_seals:
    'Allarme: alcune righe del database che decidono dove va il denaro non sono autentiche ({count}). Ciò che ne dipende non viene venduto. Eseguire webpos doctor sulla macchina del gateway.',
  nav_notifications: 'Notifiche',
  nav_people: 'Persone',
  nav_audit: 'Registro',
  nav_refunds: 'Rimborsi',
  missing: 'Non trovato',
  missing_more: 'Questa pagina non esiste, o Lei non può vederla.',
  refused: 'Non consentito',
  refused_more: 'Il Suo ruolo non lo permette. Si rivolga a un proprietario di questo gateway.',
  to_start: 'Alla pagina iniziale',
};
