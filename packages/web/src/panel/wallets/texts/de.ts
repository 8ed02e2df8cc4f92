import type { WalletText } from './en.ts';

export const de: Readonly<Record<WalletText, string>> = {
  title: 'Wallets',
  more: 'Eine Bestellung erhält eine Adresse der Wallet, mit der ihre Verkaufsstelle angelegt wurde. Im Browser kann das niemand ändern, sondern nur webpos pos bind auf der Maschine des Gateways.',
  account: 'Wallet',
  next: 'Nächste Adresse',
  unused: 'Unbenutzt in Folge',
  state: 'Echt',
  sound: 'ja',
  broken: 'NEIN: kein Verkauf',
  none: 'Es gibt noch keine Wallets.',
  add: 'Wallet hinzufügen',
  add_more:
    'Fügen Sie den öffentlichen Schlüssel des Wallet-Kontos oder seinen Deskriptor ein. Geben Sie niemals einen privaten Schlüssel oder Wiederherstellungswörter ein.',
  name: 'Name',
  key: 'Öffentlicher Schlüssel oder Deskriptor',
  first_index: 'Index der ersten Adresse',
  first_index_more: 'Nur größer als 0, wenn die Wallet schon benutzt wurde: Frühere Adressen werden nie vergeben.',
  check: 'Erste Adressen anzeigen',
  compare: 'Adressen vergleichen',
  compare_more:
    'Öffnen Sie Ihre eigene Wallet und vergleichen Sie deren erste Empfangsadressen mit diesen. Weicht eine ab, fügen Sie diese Wallet nicht hinzu. Bisher wurde nichts gespeichert.',
  index: 'Index',
  address: 'Adresse',
  confirm: 'Diese Wallet hinzufügen',
  matches: 'Ich habe die Adressen mit meiner eigenen Wallet verglichen, und sie stimmen überein',
  back: 'Zurück',
  added: 'Die Wallet wurde hinzugefügt. Verkaufsstellen benutzen sie, sobald webpos pos create oder webpos pos bind sie nennt.',
  fault: 'Nicht angenommen: {why}',
  fault_private_key:
    'Das sieht nach einem privaten Schlüssel oder nach Wiederherstellungswörtern aus. WebPOS braucht sie nie: Geben Sie den öffentlichen Schlüssel des Kontos ein. Betrachten Sie einen privaten Schlüssel, der auf einer Webseite eingegeben wurde, als gestohlen, und senden Sie sein Guthaben an eine andere Wallet.',
  fault_syntax:
    'Das ist weder ein öffentlicher Schlüssel noch ein Deskriptor. Kopieren Sie den Text noch einmal aus Ihrer Wallet, ohne Anführungszeichen und ohne etwas darum herum.',
  fault_checksum: 'Die Prüfsumme des Deskriptors passt nicht zu seinem Text. Kopieren Sie ihn noch einmal aus Ihrer Wallet.',
  fault_extended_key:
    'Dieser öffentliche Schlüssel ist beschädigt: Ein Zeichen kann falsch sein oder fehlen. Kopieren Sie ihn noch einmal aus Ihrer Wallet.',
  fault_not_account_key:
    'Das ist nicht der Schlüssel eines Kontos. Exportieren Sie den öffentlichen Schlüssel des Kontos aus Ihrer Wallet oder seinen Deskriptor.',
  fault_network: 'Dieser Schlüssel gehört zu einem anderen Bitcoin-Netzwerk als das Gateway.',
  fault_path:
    'Der Pfad im Deskriptor ist nicht verwendbar. Exportieren Sie den Deskriptor der Empfangsadressen aus Ihrer Wallet.',
  fault_unsupported: 'WebPOS unterstützt diese Art von Wallet nicht.',
  fault_unusual_path:
    'Ihre eigene Wallet findet Zahlungen auf diesem Pfad vielleicht nicht. Ist er richtig, fügt webpos account create --accept-unusual-path auf der Maschine des Gateways sie hinzu.',
  fault_known: 'Diese Wallet wurde schon hinzugefügt.',
  fault_name: 'Geben Sie einen Namen in einer Zeile ein, mit höchstens {max} Zeichen.',
  fault_first_index: 'Geben Sie eine ganze Zahl von 0 bis {max} ein.',
  fault_other: 'Die Wallet konnte nicht hinzugefügt werden.',
  fault_detail: 'Einzelheiten',
  secrets: 'Geheimnisse',
  secrets_more:
    'Ein Shop meldet sich mit seinem Geheimnis an, und Callbacks werden damit signiert. Während einer Rotation gelten beide Geheimnisse, höchstens einen Tag lang.',
  pos: 'Verkaufsstelle',
  secret_state: 'Geheimnis',
  one_secret: 'ein Geheimnis',
  two_until: 'zwei Geheimnisse, bis {time}',
  rotate: 'Rotation beginnen',
  rotated: 'Das neue Geheimnis',
  rotated_more:
    'Geben Sie es jetzt dem Shop: Es wird nicht noch einmal angezeigt. Das alte gilt, bis Sie die Rotation abschließen, oder bis {time}.',
  secret: 'Geheimnis',
  webhook_secret: 'Geheimnis für Standard Webhooks',
  complete: 'Rotation abschließen',
  complete_more: 'Der Shop benutzt das neue Geheimnis: das alte widerrufen',
  cancel: 'Das neue Geheimnis widerrufen',
  done: 'Erledigt.',
};
