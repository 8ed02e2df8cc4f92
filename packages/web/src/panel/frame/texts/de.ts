import type { FrameText } from './en.ts';

export const de: Readonly<Record<FrameText, string>> = {
  log_out: 'Abmelden',
  navigation: 'Bereiche des Panels',
  sandbox: 'Sandbox',
  skip: 'Zum Inhalt springen',
  nav_callbacks: 'Callbacks',
  nav_reports: 'Berichte',
  nav_settings: 'Einstellungen',
  missing: 'Nicht gefunden',
  missing_more: 'Diese Seite gibt es nicht, oder Sie dürfen sie nicht sehen.',
  refused: 'Nicht erlaubt',
  refused_more: 'Ihre Rolle erlaubt das nicht. Wenden Sie sich an einen Inhaber dieses Gateways.',
  to_start: 'Zur Startseite',
};
