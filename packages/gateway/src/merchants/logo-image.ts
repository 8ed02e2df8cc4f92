/**
 * Parses a merchant's logo. Its type is detected from its bytes, never from a file name. Its size is limited, because every first view of
 * a page loads it, and its dimensions are, because phones have to decode it. An SVG is a document that can run scripts and load other
 * files: one that does so is refused, and the others are served in a way that prevents it (docs/adr/0020).
 */
declare const brand: unique symbol;

/** The SHA-256 of the bytes as 64 hexadecimal digits: the image with an id never changes. */
export type LogoId = string & { readonly [brand]: 'LogoId' };

export interface LogoImage {
  readonly mediaType: LogoMediaType;
  readonly bytes: Uint8Array;
}

export type LogoMediaType = 'image/png' | 'image/jpeg' | 'image/webp' | 'image/svg+xml';

export const MAX_LOGO_BYTES: number = 64 * 1024;
const MAX_PIXELS = 2_048;

/** @throws RangeError if the bytes are not an acceptable image. The message says what was expected. */
export function parseLogo(bytes: Uint8Array): LogoImage {
  if (bytes.length > MAX_LOGO_BYTES) throw new RangeError(`expected at most ${MAX_LOGO_BYTES} bytes, got ${bytes.length}`);
  for (const [mediaType, size] of RASTERS) {
    const found = size(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (found === undefined) continue;
    if (!isFit(found.width) || !isFit(found.height))
      throw new RangeError(`expected 1 to ${MAX_PIXELS} pixels a side, got ${found.width} x ${found.height}`);
    return { mediaType, bytes };
  }
  const text = asText(bytes);
  if (text !== undefined && SVG.test(text)) {
    const found = FORBIDDEN_IN_SVG.find(([pattern]) => pattern.test(text));
    if (found !== undefined) throw new RangeError(`expected an SVG that runs and loads nothing, got one with ${found[1]}`);
    return { mediaType: 'image/svg+xml', bytes };
  }
  throw new RangeError('expected a PNG, JPEG, WebP or SVG image, got something else');
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const RASTERS: readonly (readonly [LogoMediaType, (view: DataView) => Size | undefined])[] = [
  ['image/png', pngSize],
  ['image/jpeg', jpegSize],
  ['image/webp', webpSize],
];

function isFit(pixels: number): boolean {
  return pixels >= 1 && pixels <= MAX_PIXELS;
}

/** PNG (W3C), 5.2 and 11.2.1: IHDR is the first chunk. */
function pngSize(view: DataView): Size | undefined {
  if (!startsWith(view, 0, '\u0089PNG\r\n\u001a\n') || !startsWith(view, 12, 'IHDR') || view.byteLength < 33) return undefined;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** ITU-T T.81, B.1.1 and B.2.2: walks the markers up to the start of the frame. */
function jpegSize(view: DataView): Size | undefined {
  if (!startsWith(view, 0, '\u00ff\u00d8\u00ff')) return undefined;
  for (let at = 2; at + 9 <= view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    // A marker may be preceded by any number of 0xff bytes.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** RFC 9649, 2.5 to 2.7. */
function webpSize(view: DataView): Size | undefined {
  if (!startsWith(view, 0, 'RIFF') || !startsWith(view, 8, 'WEBP') || view.byteLength < 30) return undefined;
  if (startsWith(view, 12, 'VP8 ') && startsWith(view, 23, '\u009d\u0001\u002a'))
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (startsWith(view, 12, 'VP8L') && view.getUint8(20) === 0x2f) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (!startsWith(view, 12, 'VP8X')) return undefined;
  const uint24 = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000;
  return { width: uint24(24) + 1, height: uint24(27) + 1 };
}

function startsWith(view: DataView, offset: number, ascii: string): boolean {
  if (view.byteLength < offset + ascii.length) return false;
  return [...ascii].every((character, index) => view.getUint8(offset + index) === character.charCodeAt(0));
}

function asText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The root element, after an optional declaration and comments. */
const SVG = /^\s*(?:<\?xml\s[^>]*\?>\s*)?(?:<!--(?:(?!-->)[^])*-->\s*)*<svg[\s>]/;

/** What an SVG may not contain, with its name for the error. */
const FORBIDDEN_IN_SVG: readonly (readonly [RegExp, string])[] = [
  [/<!(?:DOCTYPE|ENTITY)/i, 'a document type'],
  [/<\?(?!xml\s)/i, 'a processing instruction'],
  [/<(?:[\w.-]+:)?script/i, 'a script'],
  [/<(?:[\w.-]+:)?(?:foreignObject|iframe|object|embed|audio|video)/i, 'a foreign element'],
  [/[\s"'/]on[a-z]+\s*=/i, 'an event handler'],
  [/(?:href|src)\s*=\s*(?!["']\s*(?:#|data:image\/(?:png|jpeg|webp|gif)[;,]))/i, 'an external link'],
  [/@import|url\(\s*(?!["']?#)/i, 'a style that loads a file'],
];
