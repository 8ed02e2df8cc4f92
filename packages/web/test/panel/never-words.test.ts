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
  en: [
    { never: /\bseen\b/i, says: 'received' },
    { never: /\bdisput/i, says: 'at risk' },
    { never: /(?<!\.)\brevers|(?<!\.)\brevert|charge[ds]? back/i, says: 'did not go through' },
  ],
  de: [
    { never: /gesehen/i, says: 'erhalten' },
    { never: /strittig/i, says: 'gefährdet' },
    { never: /rückgängig|zurückgenommen/i, says: 'gescheitert' },
    { never: POS, says: 'Verkaufsstelle' },
    { never: /\bKassen?\b/, says: 'Verkaufsstelle' },
    { never: /Geldbörse/, says: 'Wallet' },
    { never: /Knoten/, says: 'Node' },
    { never: /Rückerstattung|Rückzahlung/, says: 'Erstattung' },
  ],
  fr: [
    { never: POS, says: 'point de vente' },
    { never: /\bvue?s?\b/i, says: 'reçu' },
    { never: /litige|contest/i, says: 'en danger' },
    { never: /annulée? par le réseau/i, says: 'non abouti' },
  ],
  it: [
    { never: /\bvist[oaie]\b/i, says: 'ricevuto' },
    { never: /contestat/i, says: 'a rischio' },
    { never: /revocat[oaie] dalla rete/i, says: 'non andato a buon fine' },
    { never: POS, says: 'punto vendita' },
    { never: /\bstorn/i, says: 'rimborso' },
  ],
  es: [
    { never: /\bvistos?\b/i, says: 'recibido' },
    { never: /disputa/i, says: 'en riesgo' },
    { never: /(?<!\.)\brevert|revirti/i, says: 'no completado' },
    { never: POS, says: 'punto de venta' },
    { never: /monedero|billetera/i, says: 'cartera' },
    { never: /reembols/i, says: 'devolución' },
  ],
  ja: [
    { never: POS, says: '販売拠点' },
    { never: /係争/, says: '不確実' },
    { never: /ネットワーク(?:による|が|によって)取り消/, says: '成立しない' },
    { never: /領収書/, says: 'お支払い明細' },
  ],
  ar: [
    { never: POS, says: 'نقطة البيع' },
    { never: /رُ?صد/, says: 'استُلمت' },
    { never: /نزاع/, says: 'معرّض للضياع' },
    { never: /ألغت(?:ه|ها)? الشبكة/, says: 'لم تتم' },
  ],
  pt: [
    { never: /\bvist[oa]s?\b/i, says: 'recebido' },
    { never: /disputa/i, says: 'em risco' },
    { never: /(?<!\.)\brevert/i, says: 'não concretizado' },
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
