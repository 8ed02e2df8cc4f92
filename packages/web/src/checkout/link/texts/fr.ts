import type { LinkText } from './en.ts';

export const fr: Readonly<Record<LinkText, string>> = {
  amount_in: 'Montant en {currency}',
  between: 'De {min} à {max}',
  at_least: 'Au moins {min}',
  at_most: 'Au plus {max}',
  amount_invalid: 'Veuillez saisir un montant, par exemple {example}.',
  amount_below: 'Veuillez saisir au moins {limit}.',
  amount_above: 'Veuillez saisir au plus {limit}.',
  amount_unpayable: 'Ce montant ne peut pas être payé en bitcoin. Veuillez en saisir un autre.',
  note: 'Message pour la boutique (facultatif)',
  note_too_long: 'Veuillez saisir au plus {max} caractères.',
  pay: 'Payer en bitcoin',
  pay_more: 'La page suivante affiche le montant en bitcoin et un code pour votre portefeuille.',
  failed: 'Ce n’est pas possible pour le moment. Veuillez réessayer dans quelques minutes.',
  sold_out: 'Épuisé',
  sold_out_more:
    'Toutes les places sont prises. Si un paiement n’est pas terminé à temps, sa place se libère\u00A0: vous pouvez réessayer plus tard.',
  expired: 'Ce lien a expiré',
  expired_more: 'Il ne peut plus être payé. Si vous souhaitez encore payer, contactez la boutique.',
  disabled: 'Ce lien est fermé',
  disabled_more: 'La boutique n’accepte pas de paiements par ce lien actuellement. Pour toute question, contactez la boutique.',
  unknown: 'Lien introuvable',
  unknown_more: 'Il n’y a rien à cette adresse. Vérifiez qu’elle est complète, ou redemandez-la à la boutique.',
  busy: 'Trop de paiements à la fois',
  busy_more: 'Plusieurs personnes paient en ce moment. Veuillez réessayer dans quelques minutes\u00A0: rien n’a été payé.',
  again: 'Réessayer',
};
