import type { WalletText } from './en.ts';

export const it: Readonly<Record<WalletText, string>> = {
  title: 'Portafogli',
  more: 'Un ordine riceve un indirizzo del portafoglio con cui è stato creato il suo punto vendita. Nel browser nessuno può cambiarlo: può farlo solo webpos pos bind sulla macchina del gateway.',
  account: 'Portafoglio',
  next: 'Prossimo indirizzo',
  unused: 'Inutilizzati di fila',
  state: 'Autentico',
  sound: 'sì',
  broken: 'NO: le vendite sono ferme',
  none: 'Non ci sono ancora portafogli.',
  add: 'Aggiungere un portafoglio',
  add_more:
    'Incollare la chiave pubblica dell’account del portafoglio o il suo descrittore. Non inserire mai una chiave privata o le parole di un seme.',
  name: 'Nome',
  key: 'Chiave pubblica o descrittore',
  first_index: 'Indice del primo indirizzo',
  first_index_more: 'Maggiore di 0 solo se il portafoglio è già stato usato: gli indirizzi precedenti non vengono mai assegnati.',
  check: 'Mostrare i primi indirizzi',
  compare: 'Confrontare gli indirizzi',
  compare_more:
    'Aprire il proprio portafoglio e confrontare i suoi primi indirizzi di ricezione con questi. Se uno è diverso, non aggiungere questo portafoglio. Nulla è stato ancora salvato.',
  index: 'Indice',
  address: 'Indirizzo',
  confirm: 'Aggiungere questo portafoglio',
  matches: 'Ho confrontato gli indirizzi con il mio portafoglio e sono uguali',
  back: 'Indietro',
  added: 'Il portafoglio è stato aggiunto. I punti vendita lo usano quando webpos pos create o webpos pos bind lo indica.',
  fault: 'Non accettato: {why}',
  fault_private_key:
    'Sembra una chiave privata o le parole di recupero. WebPOS non ne ha mai bisogno: inserire la chiave pubblica dell’account. Considerare rubata una chiave privata inserita in una pagina web e spostare i suoi bitcoin.',
  fault_syntax:
    'Non è né una chiave pubblica né un descrittore. Copiare di nuovo il testo dal portafoglio, senza virgolette e senza altro intorno.',
  fault_checksum: 'La somma di controllo del descrittore non corrisponde al testo. Copiarlo di nuovo dal portafoglio.',
  fault_extended_key:
    'Questa chiave pubblica è danneggiata: un carattere può essere sbagliato o mancante. Copiarla di nuovo dal portafoglio.',
  fault_not_account_key:
    'Non è la chiave di un account. Esportare dal portafoglio la chiave pubblica dell’account o il suo descrittore.',
  fault_network: 'Questa chiave appartiene a una rete bitcoin diversa da quella del gateway.',
  fault_path:
    'Il percorso nel descrittore non è utilizzabile. Esportare dal portafoglio il descrittore degli indirizzi di ricezione.',
  fault_unsupported: 'WebPOS non supporta questo tipo di portafoglio.',
  fault_unusual_path:
    'Il proprio portafoglio potrebbe non trovare i pagamenti su questo percorso. Se è giusto, lo aggiunge webpos account create --accept-unusual-path sulla macchina del gateway.',
  fault_known: 'Questo portafoglio è già stato aggiunto.',
  fault_name: 'Inserire un nome su una riga, con al massimo {max} caratteri.',
  fault_first_index: 'Inserire un numero intero da 0 a {max}.',
  fault_other: 'Non è stato possibile aggiungere il portafoglio.',
  fault_detail: 'Dettagli',
  secrets: 'Segreti',
  secrets_more:
    'Un negozio accede con il suo segreto, che firma anche le callback. Durante una rotazione valgono entrambi i segreti, al massimo per un giorno.',
  pos: 'Punto vendita',
  secret_state: 'Segreto',
  one_secret: 'un segreto',
  two_until: 'due segreti, fino a {time}',
  rotate: 'Iniziare una rotazione',
  rotated: 'Il nuovo segreto',
  rotated_more:
    'Consegnarlo ora al negozio: non verrà mostrato di nuovo. Quello vecchio vale fino al completamento della rotazione o fino a {time}.',
  secret: 'Segreto',
  webhook_secret: 'Segreto per Standard Webhooks',
  complete: 'Completare la rotazione',
  complete_more: 'Il negozio usa il nuovo segreto: revocare quello vecchio',
  cancel: 'Revocare il nuovo segreto',
  done: 'Fatto.',
};
