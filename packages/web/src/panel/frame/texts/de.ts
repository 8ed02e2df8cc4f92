import type { FrameText } from './en.ts';

export const de: Readonly<Record<FrameText, string>> = {
  log_out: 'Abmelden',
  navigation: 'Bereiche des Panels',
  sandbox: 'Sandbox',
  skip: 'Zum Inhalt springen',
  nav_orders: 'Bestellungen',
  nav_links: 'Zahlungslinks',
  nav_callbacks: 'Callbacks',
  nav_reports: 'Berichte',
  nav_settings: 'Einstellungen',
  broken_seals:
    'Alarm: Zeilen der Datenbank, die bestimmen, wohin Geld fließt, sind nicht echt ({count}). Was von ihnen abhängt, wird nicht verkauft. Führen Sie auf der Maschine des Gateways webpos doctor aus.',
  nav_notifications: 'Benachrichtigungen',
  nav_people: 'Personen',
  nav_audit: 'Protokoll',
  nav_refunds: 'Erstattungen',
  missing: 'Nicht gefunden',
  missing_more: 'Diese Seite gibt es nicht, oder Sie dürfen sie nicht sehen.',
  refused: 'Nicht erlaubt',
  refused_more: 'Ihre Rolle erlaubt das nicht. Wenden Sie sich an einen Inhaber dieses Gateways.',
  to_start: 'Zur Startseite',
};
