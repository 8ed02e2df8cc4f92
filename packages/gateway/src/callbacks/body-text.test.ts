import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallbackBody } from '@webpos/sdk/wire';
import { bodyText } from './body-text.ts';

const textOf = (value: unknown): string => bodyText(value as CallbackBody);

/** Does what the WooCommerce plugin does before parsing: PHP's `stripslashes` and `strip_tags`, as far as they matter here. */
const stripped = (text: string): string => text.replace(/\\(.?)/gs, '$1').replace(/<[^>]*>?/g, '');

describe("a callback's JSON text", () => {
  it.each([
    [`Rosa's "Bar" <3`, `{"name":"Rosa's \\u0022Bar\\u0022 \\u003c3"}`],
    ['C:\\new "till"', '{"name":"C:\\u005cnew \\u0022till\\u0022"}'],
    ['a line\nand \\n, which is not one', '{"name":"a line\\nand \\u005cn, which is not one"}'],
    ['\\"', '{"name":"\\u005c\\u0022"}'],
    ['\\\\u0022', '{"name":"\\u005c\\u005cu0022"}'],
  ])('escapes the quotes, backslashes and angle brackets of %j by their code points', (name, expected) => {
    expect(textOf({ name })).toBe(expected);
  });

  it('means the same as the plain JSON for any value', () => {
    const odd = fc.string({ unit: fc.constantFrom('"', '\\', '<', 'u', '0', 'n', '\n', '\u0000', '🥨', ' ') });
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), odd, (value, text) => {
        const whole = { [text]: value, text };
        expect(JSON.parse(textOf(whole))).toEqual(JSON.parse(JSON.stringify(whole)));
        expect(textOf(whole)).not.toMatch(/\\["\\]|</);
      }),
    );
  });

  it('survives a receiver that strips backslashes and tags before parsing', () => {
    const body = { name: `Rosa's "Bar" <3`, note: 'back\\slash', uuid: 'c0ffee' };
    expect(() => JSON.parse(stripped(JSON.stringify(body))) as unknown).toThrow(SyntaxError);
    expect(JSON.parse(stripped(textOf(body)))).toMatchObject({ uuid: 'c0ffee' });
  });
});
