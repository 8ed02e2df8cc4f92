import type { LinkText } from './en.ts';

export const es: Readonly<Record<LinkText, string>> = {
  amount_in: 'Importe en {currency}',
  between: 'De {min} a {max}',
  at_least: 'Al menos {min}',
  at_most: 'Como máximo {max}',
  amount_invalid: 'Introduzca un importe, por ejemplo {example}.',
  amount_below: 'Introduzca al menos {limit}.',
  amount_above: 'Introduzca como máximo {limit}.',
  amount_unpayable: 'Este importe no se puede pagar con bitcoin. Introduzca otro.',
  note: 'Nota para la tienda (opcional)',
  note_too_long: 'Introduzca como máximo {max} caracteres.',
  pay: 'Pagar con bitcoin',
  pay_more: 'En la página siguiente verá el importe en bitcoin y un código para su cartera.',
  failed: 'Ahora mismo no es posible. Inténtelo de nuevo en unos minutos.',
  sold_out: 'Agotado',
  sold_out_more:
    'Todas las plazas están ocupadas. Si un pago no se completa a tiempo, su plaza queda libre: puede intentarlo más tarde.',
  expired: 'Este enlace ha caducado',
  expired_more: 'Ya no se puede pagar. Si todavía quiere pagar, póngase en contacto con la tienda.',
  disabled: 'Este enlace está cerrado',
  disabled_more:
    'La tienda no acepta pagos con este enlace en este momento. Si tiene preguntas, póngase en contacto con la tienda.',
  unknown: 'Enlace no encontrado',
  unknown_more: 'No hay nada en esta dirección. Compruebe que esté completa o pídala de nuevo a la tienda.',
  busy: 'Demasiados pagos a la vez',
  busy_more: 'En este momento están pagando varias personas. Inténtelo de nuevo en unos minutos; no se ha pagado nada.',
  again: 'Intentar de nuevo',
};
