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
  leader: 'Prozess {name} führt in Amtszeit {term}.',
  leader_none:
    'Seit dem Ende von Amtszeit {term} folgt kein Prozess der Blockchain. Der nächste, der den Dienst aufnimmt, beginnt sofort damit.',
  leader_read: 'Er hat die Blockchain {time} gelesen.',
  leader_reading: 'Er hat die Blockchain noch nicht bis zum letzten Block gelesen.',
  leader_watches: 'one: Er überwacht {n} Adresse. | other: Er überwacht {n} Adressen.',
  skipped: 'Wallet {account}, {at}: Die Adressen {from} bis {to} wurden übersprungen: {reason}',
  skipped_one: 'Wallet {account}, {at}: Die Adresse {from} wurde übersprungen: {reason}',
  skipped_older_database:
    'Die Datenbank war älter als die Markendatei. Was nach ihrer Kopie vergeben wurde, wird nicht noch einmal vergeben.',
  skipped_failover: 'Die Datenbank ist auf ein Replikat umgeschaltet worden, in dem Bestellungen fehlen können.',
  skipped_mark: 'Ein anderes Gateway oder eine andere Datenbank nutzt dieselbe Wallet.',
  marks_missing:
    '{at}: Die Markendatei dieser Datenbank fehlte. Ist die Datenbank eine ältere Kopie, können seither vergebene Adressen noch einmal vergeben werden. Überspringen Sie sie mit {command}.',
};
