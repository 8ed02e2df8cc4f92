/** The form of a POS: its fields as a person sees and sends them. */
import type { Pos } from '../../../merchants/pos.ts';
import { parseAccent } from '../../../merchants/accent.ts';
import { parseName } from '../../../merchants/name.ts';
import { MAX_ORIGINS, parsePageOrigin } from '../../../merchants/page-origin.ts';
import { parseSupport } from '../../../merchants/support.ts';
import type { LookChange } from '../../../services/merchants/change-look.ts';
import type { TermsChange } from '../../../services/merchants/change-terms.ts';
import {
  parseBuyerUrl,
  parseCallbackUrl,
  parseConfirmations,
  parseMerchantId,
  parsePosCurrency,
  parsePosType,
  parseProvider,
  parseSpread,
  parseToleranceBps,
  parseToleranceSats,
  type TermsLimits,
} from '../../../services/merchants/parse-terms.ts';
import type { Fields } from '../panel-router.ts';
import { FormReader } from './form-reader.ts';

/** Returns the fields of a stored POS. */
export function posFields(pos: Pos): Readonly<Record<string, string>> {
  const { defaults, rates, tolerance, checkout, look } = pos;
  return {
    name: pos.name,
    type: pos.type,
    merchant: pos.merchantId ?? '',
    currency: pos.currency,
    callback_url: defaults.callbackUrl ?? '',
    continue_url: defaults.continueUrl ?? '',
    cancel_url: defaults.cancelUrl ?? '',
    required_confirmations: String(defaults.requiredConfirmations),
    rate_provider: rates.provider ?? '',
    spread: percent(rates.spreadBps),
    tolerance: tolerance.bps === null ? '' : percent(tolerance.bps),
    tolerance_sats: tolerance.sats === null ? '' : String(tolerance.sats),
    return_when: checkout.returnWhen,
    try_again: checkout.allowsRetry ? '1' : '',
    transaction_changed: pos.transactionChanged === true ? '1' : '',
    support: look.support ?? '',
    accent: look.accent ?? '',
    origins: look.origins.join('\n'),
  };
}

export interface PosChange {
  readonly terms: TermsChange;
  readonly look: LookChange;
  readonly faults: readonly string[];
}

/**
 * Reads only the fields that the person has changed since `before`, so that a page that was opened before somebody else's change does not
 * take it back.
 */
export function readPosForm(fields: Fields, before: Fields, limits: TermsLimits): PosChange {
  const form = new FormReader(fields);
  const isChanged = (name: string): boolean => form.text(name).replaceAll('\r\n', '\n') !== (before[name] ?? '');
  const changed = <T>(name: string, read: () => T): T | undefined => (isChanged(name) ? read() : undefined);
  const value = <T>(name: string, parse: (text: string) => T): T | undefined => changed(name, () => form.parsed(name, parse));
  const optional = <T>(name: string, parse: (text: string) => T): T | null | undefined =>
    changed(name, () => form.optional(name, parse));
  const flag = (name: string): boolean | undefined => changed(name, () => form.text(name) === '1');
  const terms: Loose<TermsChange> = {
    name: value('name', parseName),
    type: value('type', parsePosType),
    merchantId: optional('merchant', parseMerchantId),
    currency: value('currency', parsePosCurrency),
    transactionChanged: flag('transaction_changed'),
    defaults: given({
      callbackUrl: optional('callback_url', (text) => parseCallbackUrl(text, limits)),
      continueUrl: optional('continue_url', (text) => parseBuyerUrl(text, limits)),
      cancelUrl: optional('cancel_url', (text) => parseBuyerUrl(text, limits)),
      requiredConfirmations: value('required_confirmations', (text) => parseConfirmations(text, limits)),
    }),
    rates: given({
      provider: optional('rate_provider', parseProvider),
      spreadBps: value('spread', (text) => parseSpread(text || '0')),
    }),
    tolerance: given({ bps: optional('tolerance', parseToleranceBps), sats: optional('tolerance_sats', parseToleranceSats) }),
    checkout: given({ returnWhen: value('return_when', readReturnWhen), allowsRetry: flag('try_again') }),
  };
  const look: Loose<LookChange> = {
    support: optional('support', parseSupport),
    accent: optional('accent', parseAccent),
    origins: value('origins', (text) => readOrigins(text, limits.allowHttp)),
  };
  return { terms: given(terms) ?? {}, look: given(look) ?? {}, faults: form.faults };
}

type Loose<T> = { [K in keyof T]: T[K] | undefined };

/** Leaves out what is undefined; undefined if nothing is left. */
function given<T extends object>(fields: Loose<T>): T | undefined {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as T);
}

function readReturnWhen(text: string): 'seen' | 'paid' {
  if (text === 'seen' || text === 'paid') return text;
  throw new RangeError('expected seen or paid');
}

function readOrigins(text: string, allowLocal: boolean): readonly string[] {
  const lines = text.split(/\s+/).filter((line) => line !== '');
  if (lines.length > MAX_ORIGINS) throw new RangeError(`expected at most ${MAX_ORIGINS} origins`);
  return [...new Set(lines.map((line) => parsePageOrigin(line, { allowLocal })))];
}

function percent(bps: number): string {
  return String(bps / 100);
}
