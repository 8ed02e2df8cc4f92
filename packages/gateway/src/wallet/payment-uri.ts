/** The link and QR text that opens a buyer's wallet with address and amount filled in (BIP 321, which replaces BIP 21). */
import { BoundedCache } from '../kernel/bounded-cache.ts';
import { satsToBtc, type Sats } from '../kernel/sats.ts';

/** The payment details for the buyer's wallet. */
export interface PaymentRequest {
  readonly address: string;
  readonly amount: Sats;
  /** The payee: the name of the shop. */
  readonly label?: string | undefined;
  /** What is paid for. */
  readonly message?: string | undefined;
}

/**
 * Formats a `bitcoin:` URI. The amount is in BTC without trailing zeros. Empty texts are omitted and long ones shortened, so that
 * every URI fits a QR code.
 *
 * @example paymentUri({ address: 'bc1q...', amount: sats(150_000_000n), label: 'Café' }) //
 * 'bitcoin:bc1q...?amount=1.5&label=Caf%C3%A9'
 */
export function paymentUri({ address, amount, label, message }: PaymentRequest): string {
  return `bitcoin:${address}?amount=${satsToBtc(amount)}${labelParameter(label)}${parameter('message', message)}`;
}

/** Matches the parameters that {@link paymentUri} writes: others could name another destination. */
const OWN_PARAMETER = /(?<=[?&])(?:amount|label|message)=[^&#]*/g;

/** Returns a URI of {@link paymentUri} with another address; the same text if it has this one. An empty address has no URI. */
export function withAddress(uri: string, address: string): string {
  const parameters = uri.match(OWN_PARAMETER)?.join('&');
  return address === '' ? '' : `bitcoin:${address}${parameters === undefined ? '' : `?${parameters}`}`;
}

/** Labels are encoded once, because all orders of a shop have the same one. */
const labels = new BoundedCache<string, string>({ maxEntries: 1_000, evict: 'all' });

function labelParameter(label = ''): string {
  const known = labels.get(label);
  if (known !== undefined) return known;
  const encoded = parameter('label', label);
  labels.set(label, encoded);
  return encoded;
}

function parameter(name: string, text = ''): string {
  const encoded = percentEncodeStart(text);
  return encoded === '' ? '' : `&${name}=${encoded}`;
}

/** A version 40 code holds about 2,300 bytes; one with this much in each text can still be read from a screen. */
const MAX_ENCODED = 300;
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** The text, or as much of it as fits, cut between graphemes. */
function percentEncodeStart(text: string): string {
  const whole = text.length <= MAX_ENCODED ? percentEncode(text) : undefined;
  if (whole !== undefined && whole.length <= MAX_ENCODED) return whole;
  let start = '';
  for (const { segment } of graphemes.segment(text.slice(0, MAX_ENCODED))) {
    const longer = start + percentEncode(segment);
    if (longer.length > MAX_ENCODED) break;
    start = longer;
  }
  return start;
}

/**
 * Escapes all but the unreserved characters of RFC 3986, as UTF-8. That is more than required: a bare quote or bracket is
 * allowed, but confuses programs that find links in text. An unpaired surrogate, which JSON can represent but UTF-8 cannot,
 * becomes U+FFFD.
 */
function percentEncode(text: string): string {
  const wellFormed = text.replace(/\p{Surrogate}/gu, '\uFFFD');
  return encodeURIComponent(wellFormed).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
