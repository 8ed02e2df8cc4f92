/** The link and QR text that opens a buyer's wallet with address and amount filled in (BIP 321, which replaces BIP 21). */
import { satsToBtc, type Sats } from '../kernel/sats.ts';

/** What the buyer's wallet is told. */
export interface PaymentRequest {
  readonly address: string;
  readonly amount: Sats;
  /** Who is paid: the name of the shop. */
  readonly label?: string | undefined;
  /** What is paid for. */
  readonly message?: string | undefined;
}

/**
 * Writes a `bitcoin:` URI. The amount is in bitcoin, without needless zeros; empty texts are left out.
 *
 * @example paymentUri({ address: 'bc1q...', amount: sats(150_000_000n), label: 'Café' }) // 'bitcoin:bc1q...?amount=1.5&label=Caf%C3%A9'
 */
export function paymentUri({ address, amount, label, message }: PaymentRequest): string {
  const query = [`amount=${satsToBtc(amount)}`];
  if (label) query.push(`label=${percentEncode(label)}`);
  if (message) query.push(`message=${percentEncode(message)}`);
  return `bitcoin:${address}?${query.join('&')}`;
}

/**
 * Escapes all but the unreserved characters of RFC 3986, as UTF-8. That is more than needed: a bare quote or bracket is
 * allowed, and is what programs that find links in text stumble over. Half a surrogate pair, which JSON can carry but UTF-8
 * cannot, becomes U+FFFD.
 */
function percentEncode(text: string): string {
  const wellFormed = text.replace(/\p{Surrogate}/gu, '\uFFFD');
  return encodeURIComponent(wellFormed).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
