import type { LinkText } from './en.ts';

export const it: Readonly<Record<LinkText, string>> = {
  amount_in: 'Importo in {currency}',
  between: 'Da {min} a {max}',
  at_least: 'Almeno {min}',
  at_most: 'Al massimo {max}',
  amount_invalid: 'Inserisci un importo, per esempio {example}.',
  amount_below: 'Inserisci almeno {limit}.',
  amount_above: 'Inserisci al massimo {limit}.',
  amount_unpayable: 'Questo importo non si può pagare in bitcoin. Inseriscine un altro.',
  note: 'Nota per il negozio (facoltativa)',
  note_too_long: 'Inserisci al massimo {max} caratteri.',
  pay: 'Paga in bitcoin',
  pay_more: 'Nella prossima pagina trovi l’importo in bitcoin e un codice per il tuo portafoglio.',
  failed: 'Al momento non è possibile. Riprova tra qualche minuto.',
  sold_out: 'Esaurito',
  sold_out_more:
    'Tutti i posti sono occupati. Se un pagamento non viene completato in tempo, il posto si libera: puoi riprovare più tardi.',
  expired: 'Questo link è scaduto',
  expired_more: 'Non si può più pagare. Se vuoi ancora pagare, contatta il negozio.',
  disabled: 'Questo link è chiuso',
  disabled_more: 'Al momento il negozio non riceve pagamenti con questo link. Se hai domande, contatta il negozio.',
  unknown: 'Link non trovato',
  unknown_more: 'A questo indirizzo non c’è nulla. Controlla che sia completo, oppure chiedilo di nuovo al negozio.',
  busy: 'Troppi pagamenti insieme',
  busy_more: 'In questo momento stanno pagando più persone. Riprova tra qualche minuto: non è stato pagato nulla.',
  again: 'Riprova',
};
