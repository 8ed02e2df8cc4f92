import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isUuidV4, parseId, type OrderId } from './ids.ts';

const id = '0b0e6a3c-2a58-4a57-9f0a-1c1a4f1f9d01';

describe('an id', () => {
  it.each([id, randomUUID(), '00000000-0000-4000-8000-000000000000', 'ffffffff-ffff-4fff-bfff-ffffffffffff'])(
    'may be %s, a version 4 UUID in lower case',
    (text) => {
      expect(isUuidV4(text)).toBe(true);
      expect(parseId<OrderId>(text)).toBe(text);
    },
  );

  it.each([
    ['empty', ''],
    ['in upper case', id.toUpperCase()],
    ['of version 1', 'a8098c1a-f86e-11da-bd1a-00112444be1e'],
    ['of version 7', '017f22e2-79b0-7cc3-98c4-dc0c0c07398f'],
    ['of another variant', '0b0e6a3c-2a58-4a57-cf0a-1c1a4f1f9d01'],
    ['without hyphens', id.replaceAll('-', '')],
    ['in braces', `{${id}}`],
    ['a URN', `urn:uuid:${id}`],
    ['followed by a line end', `${id}\n`],
    ['one digit too long', `${id}0`],
    ['not hexadecimal', id.replace('0b0e', '0bge')],
  ])('is refused when it is %s', (_, text) => {
    expect(isUuidV4(text)).toBe(false);
    expect(() => parseId(text)).toThrow(/^id: expected a version 4 UUID in lower case, got /);
  });

  it('that is very long is cut in the error message', () => {
    expect(() => parseId('x'.repeat(10_000))).toThrow(/got "x{64}"$/);
  });
});
