import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactor } from './redact.ts';

const SECRET = `p"a's&s<w>/ö+r=d`;

describe('redaction', () => {
  it.each([
    ['in plain text', SECRET],
    ['in a URL', encodeURIComponent(SECRET)],
    ['in a URL with lower-case escapes', encodeURIComponent(SECRET).toLowerCase()],
    ['in a URL with all its punctuation escaped', 'p%22a%27s%26s%3Cw%3E%2F%C3%B6%2Br%3Dd'],
    ['in JSON', JSON.stringify(SECRET)],
    ['in JSON within JSON', JSON.stringify(JSON.stringify(SECRET))],
    [
      'in JSON of PHP',
      JSON.stringify(SECRET)
        .replaceAll('/', String.raw`\/`)
        .replace('ö', String.raw`\u00f6`),
    ],
    ['in HTML with named entities', 'p&quot;a&apos;s&amp;s&lt;w&gt;&sol;&ouml;&plus;r&equals;d'],
    ['in HTML with decimal entities', 'p&#34;a&#39;s&#38;s&#60;w&#62;&#47;&#246;&#43;r&#61;d'],
    ['in HTML with hexadecimal entities', 'p&#x22;a&#x27;s&#x26;s&#x3C;w&#x3E;&#x2F;&#xF6;&#x2B;r&#x3D;d'],
    ['in HTML that escapes only what it must', `p&quot;a's&amp;s&lt;w&gt;/ö+r=d`],
  ])('hides a secret %s', (_how, shown) => {
    const reported = redactor([SECRET])(`before ${shown} after`);
    expect(reported).toMatch(/^before \W*\[redacted\]\W* after$/);
  });

  it('leaves similar text alone', () => {
    const text = 'pass&word p"a';
    expect(redactor([SECRET, ''])(text)).toBe(text);
    expect(redactor([])(text)).toBe(text);
  });

  it('hides a secret that contains another one completely', () => {
    expect(redactor(['abc', 'xabcx'])('xabcx abc')).toBe('[redacted] [redacted]');
  });

  it('hides any secret', () => {
    const forms = [String, JSON.stringify, encodeURIComponent];
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 4 }), fc.constantFrom(...forms), (secret, form) => {
        const shown = form(secret);
        expect(redactor([secret])(`<${shown}>`)).toContain('[redacted]');
      }),
    );
  });

  it('is fast for any text', () => {
    const redact = redactor(['=+/'.repeat(10), '"\\'.repeat(10)]);
    for (const hostile of ['\\', '%41', '&#x41;', '&', '=+/=', '\\u0041', '"\\"']) {
      const startedAtMs = performance.now();
      redact(hostile.repeat(Math.ceil(1_048_576 / hostile.length)));
      expect(performance.now() - startedAtMs).toBeLessThan(3000);
    }
  });
});

it('an error about an HTML page that echoes a header contains no secret', () => {
  const page = `<pre>Authorization: Basic ${SECRET.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&#34;')}</pre>`;
  expect(redactor([SECRET])(page)).toBe('<pre>Authorization: Basic [redacted]</pre>');
});
