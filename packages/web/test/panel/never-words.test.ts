/** The words that a language never uses, so that one thing has one name on every page, on the checkout page and in e-mails. */
import { expect, it } from 'vitest';

import { LANGUAGES } from '../../src/i18n/languages.ts';
import type { LanguageTag } from '../../src/i18n/texts.ts';
import { ALL_TEXTS } from './all-texts.ts';

/** Not as a part of another word, such as WebPOS. */
const POS = /(?<![\p{L}\d])POS(?![\p{L}\d])/u;

interface Rule {
  readonly never: RegExp;
  /** What the language says instead. */
  readonly says: string;
}

const RULES: Readonly<Partial<Record<LanguageTag, readonly Rule[]>>> = {
  de: [
    { never: POS, says: 'Verkaufsstelle' },
    { never: /\bKassen?\b/, says: 'Verkaufsstelle' },
    { never: /Geldbörse/, says: 'Wallet' },
    { never: /Rückerstattung|Rückzahlung/, says: 'Erstattung' },
  ],
  fr: [{ never: POS, says: 'point de vente' }],
  it: [
    { never: POS, says: 'punto vendita' },
    { never: /\bstorn/i, says: 'rimborso' },
  ],
  es: [
    { never: POS, says: 'punto de venta' },
    { never: /monedero|billetera/i, says: 'cartera' },
    { never: /reembols/i, says: 'devolución' },
  ],
  ja: [{ never: POS, says: '販売拠点' }],
  ar: [{ never: POS, says: 'نقطة البيع' }],
  pt: [
    { never: POS, says: 'ponto de venda' },
    { never: /encomenda/i, says: 'pedido' },
    { never: /montante/i, says: 'valor' },
    { never: /ligaç|conexão|conexões/i, says: 'link or internet' },
    { never: /reembols|estorn/i, says: 'devolução' },
  ],
};

const textsOf = (tag: LanguageTag): [key: string, text: string][] =>
  [
    LANGUAGES.find((language) => language.tag === tag)?.messages ?? {},
    ...Object.values(ALL_TEXTS).map((texts) => texts[tag]),
  ].flatMap((texts) => Object.entries(texts));

const ALL_RULES = Object.entries(RULES).flatMap(([tag, rules]) => rules.map((rule) => ({ tag: tag as LanguageTag, ...rule })));

it.each(ALL_RULES)('no text in $tag says $never, but $says', ({ tag, never }) => {
  expect(textsOf(tag).length).toBeGreaterThan(100);
  expect(textsOf(tag).filter(([, text]) => never.test(text))).toEqual([]);
});
