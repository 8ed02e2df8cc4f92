import type { LinkText } from './en.ts';

export const de: Readonly<Record<LinkText, string>> = {
  amount_in: 'Betrag in {currency}',
  between: 'Von {min} bis {max}',
  at_least: 'Mindestens {min}',
  at_most: 'Höchstens {max}',
  amount_invalid: 'Bitte geben Sie einen Betrag ein, zum Beispiel {example}.',
  amount_below: 'Bitte geben Sie mindestens {limit} ein.',
  amount_above: 'Bitte geben Sie höchstens {limit} ein.',
  amount_unpayable: 'Dieser Betrag lässt sich nicht mit Bitcoin zahlen. Bitte geben Sie einen anderen ein.',
  note: 'Nachricht an den Händler (freiwillig)',
  note_too_long: 'Bitte geben Sie höchstens {max} Zeichen ein.',
  pay: 'Mit Bitcoin zahlen',
  pay_more: 'Auf der nächsten Seite sehen Sie den Betrag in Bitcoin und einen Code für Ihre Wallet.',
  failed: 'Das ist gerade nicht möglich. Bitte versuchen Sie es in einigen Minuten noch einmal.',
  sold_out: 'Ausverkauft',
  sold_out_more:
    'Alle Plätze sind vergeben. Wird eine Zahlung nicht rechtzeitig abgeschlossen, wird ihr Platz wieder frei: Sie können es später noch einmal versuchen.',
  expired: 'Dieser Link ist abgelaufen',
  expired_more: 'Er kann nicht mehr bezahlt werden. Wenn Sie noch zahlen möchten, wenden Sie sich an den Händler.',
  disabled: 'Dieser Link ist geschlossen',
  disabled_more: 'Der Händler nimmt darüber zurzeit keine Zahlungen an. Bei Fragen wenden Sie sich an den Händler.',
  unknown: 'Link nicht gefunden',
  unknown_more:
    'Unter dieser Adresse gibt es nichts. Prüfen Sie, ob sie vollständig ist, oder fragen Sie den Händler noch einmal danach.',
  busy: 'Zu viele Zahlungen auf einmal',
  busy_more: 'Gerade zahlen mehrere Personen. Bitte versuchen Sie es in einigen Minuten noch einmal; es wurde nichts bezahlt.',
  again: 'Noch einmal versuchen',
};
