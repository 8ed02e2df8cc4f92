import type { Reader } from '../../i18n/languages.ts';
import { numbersOf } from '../../i18n/numbers.ts';
import type { Phrase } from '../../i18n/phrase.ts';
import { exchangeName } from '../../i18n/wording.ts';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import type { OrderText } from './texts/en.ts';
import { orderTexts } from './texts/index.ts';
import type { PanelActor } from './view.ts';

export interface OrderWords extends PanelWords<OrderText> {
  readonly who: (actor: PanelActor) => Phrase;
  /** Who gave a rate. */
  readonly rateSource: (source: string) => Phrase;
}

export function orderWords(reader: Reader): OrderWords {
  const words = panelWords(reader, orderTexts);
  const numbers = numbersOf(reader.locale);
  return {
    ...words,
    who: (actor) => (actor.kind === 'named' ? [{ value: actor.name }] : [words.text(`who_${actor.kind}`)]),
    rateSource: (source) => {
      if (source === 'fixed') return [words.text('rate_fixed')];
      const [, median] = /^median:(.+)$/.exec(source) ?? [];
      if (median === undefined) return [{ value: exchangeName(source) }];
      return words.phrase('rate_median', { sources: numbers.list(median.split(',').map(exchangeName)) });
    },
  };
}
