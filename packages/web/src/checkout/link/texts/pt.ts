import type { LinkText } from './en.ts';

export const pt: Readonly<Record<LinkText, string>> = {
  amount_in: 'Valor em {currency}',
  between: 'De {min} a {max}',
  at_least: 'No mínimo {min}',
  at_most: 'No máximo {max}',
  amount_invalid: 'Introduza um valor, por exemplo {example}.',
  amount_below: 'Introduza no mínimo {limit}.',
  amount_above: 'Introduza no máximo {limit}.',
  amount_unpayable: 'Este valor não pode ser pago com bitcoin. Introduza outro.',
  note: 'Nota para a loja (opcional)',
  note_too_long: 'Introduza no máximo {max} caracteres.',
  pay: 'Pagar com bitcoin',
  pay_more: 'Na próxima página encontra o valor em bitcoin e um código para a sua carteira.',
  failed: 'De momento não é possível. Tente de novo dentro de alguns minutos.',
  sold_out: 'Esgotado',
  sold_out_more:
    'Todos os lugares estão ocupados. Se um pagamento não for concluído a tempo, o lugar fica livre: pode tentar de novo mais tarde.',
  expired: 'Este link expirou',
  expired_more: 'Já não pode ser pago. Se ainda quiser pagar, contacte a loja.',
  disabled: 'Este link está fechado',
  disabled_more: 'De momento a loja não aceita pagamentos com este link. Se tiver perguntas, contacte a loja.',
  unknown: 'Link não encontrado',
  unknown_more: 'Não existe nada neste endereço. Confirme que está completo ou peça o endereço de novo à loja.',
  busy: 'Demasiados pagamentos ao mesmo tempo',
  busy_more: 'Várias pessoas estão a pagar neste momento. Tente de novo dentro de alguns minutos; nada foi pago.',
  again: 'Tentar de novo',
};
