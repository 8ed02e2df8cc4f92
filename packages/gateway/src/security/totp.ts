/** Time-based one-time passwords: RFC 6238 with the parameters that every app supports, which are SHA-1, six digits and 30 seconds. */
import { createHmac, timingSafeEqual } from 'node:crypto';

const STEP_S = 30;
const DIGITS = 6;
/** A code of the step before or after is accepted too, because clocks differ and people type slowly. */
const WINDOW_STEPS = 1;
const SECRET_BYTES = 20;
/** RFC 4648, section 6. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** @param randomBytes Returns that many random bytes. */
export function newTotpSecret(randomBytes: (count: number) => Uint8Array): string {
  let [text, bits, value] = ['', 0, 0];
  for (const byte of randomBytes(SECRET_BYTES)) {
    value = (value << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32.charAt((value >>> (bits - 5)) & 31);
    value &= (1 << bits) - 1;
  }
  return text;
}

/** Returns the code of a step (RFC 4226, section 5.3). */
export function totpCode(secret: string, step: number, digits: number = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

export function totpStep(timeMs: number): number {
  return Math.floor(timeMs / (STEP_S * 1000));
}

/** Returns the step whose code was typed; undefined if it is that of no step in the window. */
export function matchingStep(secret: string, typed: string, nowMs: number): number | undefined {
  const code = Buffer.from(
    typed
      .replaceAll(/\s/g, '')
      .padEnd(DIGITS)
      .slice(0, DIGITS + 1),
  );
  const steps = Array.from({ length: 2 * WINDOW_STEPS + 1 }, (_, at) => totpStep(nowMs) - WINDOW_STEPS + at);
  return steps
    .filter((step) => step >= 0)
    .filter((step) => {
      const expected = Buffer.from(totpCode(secret, step));
      return expected.length === code.length && timingSafeEqual(expected, code);
    })
    .at(-1);
}

/** Returns the URI that an app reads from a QR code ("Key Uri Format" of Google Authenticator). */
export function totpUri(secret: string, login: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(login)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}

function bytesOf(secret: string): Buffer {
  const bytes: number[] = [];
  let [bits, value] = [0, 0];
  for (const letter of secret) {
    value = ((value << 5) | BASE32.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits >= 8) bytes.push((value >>> (bits -= 8)) & 255);
  }
  return Buffer.from(bytes);
}
