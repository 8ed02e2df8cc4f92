import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jpegHead, pngOf, svgOf, webpHead } from '../../test/support/logos.ts';
import { parseLogo } from './logo-image.ts';

const text = (svg: string): Uint8Array => new TextEncoder().encode(svg);

describe('a logo', () => {
  it.each([
    ['image/png', pngOf(40, 20)],
    ['image/jpeg', jpegHead(40, 20)],
    ['image/webp', webpHead('VP8 ', 40, 20)],
    ['image/webp', webpHead('VP8L', 40, 20)],
    ['image/webp', webpHead('VP8X', 40, 20)],
    ['image/svg+xml', svgOf('<path d="M0 0h40v20z" style="fill:#c33"/>')],
    ['image/svg+xml', text('\ufeff<?xml version="1.0"?>\n<!-- a -- b -->\n<svg xmlns="http://www.w3.org/2000/svg"/>')],
    [
      'image/svg+xml',
      svgOf(`<style>.a{fill:url(#g)}</style><linearGradient id="g"/><use href="#g"/>
             <image xlink:href="data:image/png;base64,AAAA"/><text>description, button: on the house</text>`),
    ],
  ])('is recognised as %s by its bytes', (mediaType, bytes) => {
    expect(parseLogo(bytes)).toEqual({ mediaType, bytes });
  });

  it.each([
    ['an empty file', new Uint8Array()],
    ['a page', text('<!doctype html><svg></svg>')],
    ['a page that begins with a comment', text('<!-- --><html></html>')],
    ['a GIF', text('GIF89a\u0001\u0001')],
    ['the beginning of a PNG', pngOf(1, 1).subarray(0, 20)],
    ['the beginning of a JPEG', jpegHead(1, 1).subarray(0, 12)],
    ['text that is not UTF-8', Uint8Array.of(...text('<svg>'), 0xff)],
    ['a script', text('alert(1)//<svg>')],
  ])('cannot be %s', (_what, bytes) => {
    expect(() => parseLogo(bytes)).toThrow('expected a PNG, JPEG, WebP or SVG image, got something else');
  });

  it.each([
    ['2049 x 1', pngOf(2049, 1)],
    ['1 x 2049', jpegHead(1, 2049)],
    ['16384 x 1', webpHead('VP8L', 16384, 1)],
    ['1 x 16777216', webpHead('VP8X', 1, 16777216)],
    ['0 x 20', webpHead('VP8 ', 0, 20)],
  ])('cannot have %s pixels', (size, bytes) => {
    expect(() => parseLogo(bytes)).toThrow(`expected 1 to 2048 pixels a side, got ${size}`);
  });

  it('cannot be larger than 64 kB', () => {
    const large = new Uint8Array(64 * 1024 + 1);
    large.set(pngOf(1, 1));
    expect(() => parseLogo(large)).toThrow('expected at most 65536 bytes, got 65537');
    expect(parseLogo(large.subarray(0, -1)).mediaType).toBe('image/png');
  });

  it.each([
    ['a script', '<script>alert(1)</script>'],
    ['a script', '<svg:script href="#x"/>'],
    ['an event handler', '<g onload="alert(1)"/>'],
    ['an event handler', '<g a="b"onclick = "alert(1)"/>'],
    ['a foreign element', '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>'],
    ['an external link', '<image href="https://elsewhere.example/x.png"/>'],
    ['an external link', '<a xlink:href="javascript:alert(1)"/>'],
    ['an external link', '<use href="&#x68;ttps://elsewhere.example"/>'],
    ['an external link', '<image href="data:image/svg+xml,x"/>'],
    ['a style that loads a file', '<style>@import "https://elsewhere.example/x.css";</style>'],
    ['a style that loads a file', '<g style="fill:url( https://elsewhere.example/x)"/>'],
    ['a processing instruction', '<?xml-stylesheet href="#x"?>'],
  ])('that is an SVG with %s is refused: %s', (what, inside) => {
    expect(() => parseLogo(svgOf(inside))).toThrow(`expected an SVG that runs and loads nothing, got one with ${what}`);
  });

  it('that is an SVG with a document type is refused', () => {
    expect(() => parseLogo(text('<svg><!DOCTYPE svg [<!ENTITY x "y">]></svg>'))).toThrow('a document type');
  });

  it('is accepted or refused with a RangeError, whatever the bytes', () => {
    const heads = [pngOf(1, 1), jpegHead(9, 9), webpHead('VP8 ', 1, 1), webpHead('VP8L', 1, 1), svgOf('')];
    const bytes = fc.tuple(fc.constantFrom(...heads), fc.nat(40), fc.uint8Array({ maxLength: 60 }));
    fc.assert(
      fc.property(bytes, ([head, cut, tail]) => {
        try {
          parseLogo(Uint8Array.of(...head.subarray(0, cut), ...tail));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
