/** Every stage of the checkout page, in every language. */
import { describe, expect, it } from 'vitest';

import { renderCheckoutPage, renderReceiptPage, type CheckoutView } from '../index.ts';
import { LANGUAGES, type Reader } from '../i18n/languages.ts';
import { wordingOf } from '../i18n/wording.ts';
import { SAMPLES, VARIANTS } from './samples.ts';
import { checkoutState } from './state.ts';

const VIEWS: readonly [string, CheckoutView][] = Object.entries({ ...SAMPLES, ...VARIANTS });
const SIX_SOURCES = 'median:bitfinex,bitstamp,coinbase,coingecko,kraken,mempool.space';
const readers: readonly Reader[] = LANGUAGES.map((language) => ({ language, locale: language.tag }));
const text = (html: string): string => html.replaceAll(/<style>[^<]*<\/style>/g, '').replaceAll(/<[^>]*>/g, ' ');

describe.each(readers)('in $locale', (reader) => {
  it('no two stages have the same headline or the same explanation', () => {
    const wording = wordingOf(reader);
    const states = Object.values(SAMPLES).map((view) => checkoutState(view, wording));
    const json = (parts: readonly (readonly unknown[])[]): string => JSON.stringify(parts);
    expect(new Set(states.map(({ headline }) => json([headline]))).size).toBe(states.length);
    // An expired and a cancelled order ask for the same.
    const explanations = states.filter(({ stage }) => stage !== 'cancelled').map(({ explanation }) => json(explanation));
    expect(new Set(explanations).size).toBe(explanations.length);
  });

  it.each(VIEWS)('%s fills in every value', (_name, view) => {
    for (const html of [renderCheckoutPage(view, reader), renderReceiptPage(view, reader)])
      expect(text(html)).not.toMatch(/\{\w+\}|\b(?:undefined|NaN|null)\b/);
  });

  it('an exchange rate names its six sources as they write themselves', () => {
    const html = text(renderReceiptPage({ ...SAMPLES.paid, rate: { ...SAMPLES.paid.rate, source: SIX_SOURCES } }, reader));
    expect(html).not.toContain('median:');
    for (const name of ['Bitfinex', 'Bitstamp', 'Coinbase', 'CoinGecko', 'Kraken', 'mempool.space']) expect(html).toContain(name);
    expect(text(renderReceiptPage({ ...SAMPLES.paid, rate: { ...SAMPLES.paid.rate, source: 'fixed' } }, reader))).toContain(
      reader.language.messages.rate_fixed,
    );
  });

  it('a receipt of five past midnight says so', () => {
    const html = text(renderReceiptPage({ ...SAMPLES.paid, paidAt: '2026-11-24T00:05:00.000Z' }, reader));
    expect(html).toContain('00:05');
    expect(html).not.toContain('24:05');
  });

  it('every amount has eight decimals and one decimal separator', () => {
    const { bitcoin } = wordingOf(reader);
    const isGrouped = new RegExp(`^0\\${bitcoin('0.1').charAt(1)}\\d{3}\\u202F\\d{3}\\u202F\\d{2}$`);
    for (const [name, view] of VIEWS.filter(([, { choices }]) => choices.unit === 'btc')) {
      const shown = [
        ...text(renderCheckoutPage(view, reader).replaceAll(/<\/span><span>/g, '\u202F')).matchAll(/\b0[.,]\d[\d\u202F]*/g),
      ];
      // The payment link is for programs.
      const forPeople = shown.map(([amount]) => amount).filter((amount) => !/^0\.000[01]6667$/.test(amount));
      expect(
        forPeople.filter((amount) => !isGrouped.test(amount)),
        name,
      ).toEqual([]);
    }
  });
});

it('in Arabic, the sources of an exchange rate are a list from right to left', () => {
  const reader = readers.find(({ locale }) => locale === 'ar')!;
  const rate = { ...SAMPLES.paid.rate, source: 'median:kraken,bitstamp' };
  const html = renderReceiptPage({ ...SAMPLES.paid, rate }, reader);
  expect(html).toContain('<bdi translate="no">Kraken</bdi> \u0648<bdi translate="no">Bitstamp</bdi>');
});

it('in Arabic, amounts, addresses and names stand in isolation', () => {
  const reader = readers.find(({ locale }) => locale === 'ar')!;
  // The sandbox's controls are in English.
  for (const [name, view] of VIEWS.filter(([, { sandbox }]) => sandbox === null)) {
    const html = renderCheckoutPage(view, reader) + renderReceiptPage(view, reader);
    const outside = text(html.replaceAll(/<(bdi|dd)\b[^>]*>.*?<\/\1>/g, '').replaceAll(/\u2066.*?\u2069|\u2068.*?\u2069/g, ''));
    expect(outside, name).not.toMatch(/BTC|sat\b|€|bcrt1|Corner/);
    // Two amounts in one isolate would have the direction of the first.
    const isolates = [...html.matchAll(/<bdi[^>]*>(.*?)<\/bdi>/g)].map(([, inner = '']) => text(inner));
    expect(
      isolates.filter((isolate) => isolate.includes('=')),
      name,
    ).toEqual([]);
    const title = /<title>(.*?)<\/title>/.exec(html)?.[1];
    expect(title, name).toContain('\u2068Corner Café\u2069');
  }
});
