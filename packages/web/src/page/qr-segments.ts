/**
 * A payment URI as a QR code holds it best. The scheme and an address in bech32 may be written in capitals (BIP 173; BIP 321), and
 * capitals and digits take five and a half bits each instead of eight, so that the code has fewer and larger squares. The rest of
 * the URI, and every other kind of address, is kept to the letter.
 */

/** ISO/IEC 18004, 7.3: the capitals, digits and signs of `Alphanumeric`, or bytes. */
export interface QrSegment {
  readonly mode: 'Alphanumeric' | 'Byte';
  readonly text: string;
}

/** @example qrSegments('bitcoin:bc1q...?amount=1') // BITCOIN:BC1Q... and ?amount=1 */
export function qrSegments(uri: string): QrSegment[] {
  const [, address = '', rest = ''] = BECH32_URI.exec(uri) ?? [];
  if (address === '') return [{ mode: 'Byte', text: uri }];
  const segments: QrSegment[] = [{ mode: 'Alphanumeric', text: `BITCOIN:${address.toUpperCase()}` }];
  if (rest !== '') segments.push({ mode: 'Byte', text: rest });
  return segments;
}

/** Not in mixed case: that is no bech32, and so perhaps something else. */
const BECH32_URI = /^bitcoin:((?:bc|tb|bcrt)1[02-9ac-hj-np-z]{6,87})(\?.*)?$/;
