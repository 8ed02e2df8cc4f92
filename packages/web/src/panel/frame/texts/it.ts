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
  leader: 'Il processo {name} guida nel mandato {term}.',
  leader_none:
    'Nessun processo segue la blockchain da quando è finito il mandato {term}. Il prossimo che entra in servizio comincia subito.',
  leader_read: 'Ha letto la blockchain {time}.',
  leader_reading: 'Non ha ancora letto la blockchain fino all’ultimo blocco.',
  leader_watches: 'one: Sorveglia {n} indirizzo. | other: Sorveglia {n} indirizzi.',
  skipped: 'Portafoglio {account}, {at}: gli indirizzi da {from} a {to} sono stati saltati: {reason}',
  skipped_one: 'Portafoglio {account}, {at}: l’indirizzo {from} è stato saltato: {reason}',
  skipped_older_database:
    'il database era più vecchio del file dei segni. Ciò che era stato assegnato dopo la copia non viene assegnato di nuovo.',
  skipped_failover: 'il database è passato a una replica, che può aver perso ordini.',
  skipped_mark: 'un altro gateway o database usa lo stesso portafoglio.',
  marks_missing:
    '{at}: il file dei segni di questo database mancava. Se il database è una copia più vecchia, gli indirizzi assegnati da allora possono essere assegnati di nuovo. Si saltano con {command}.',
};
