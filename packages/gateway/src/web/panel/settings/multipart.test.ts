import { describe, expect, it } from 'vitest';
import { readMultipart } from './multipart.ts';

const TYPE = 'multipart/form-data; boundary=----x';
const part = (name: string, value: string, more = ''): string =>
  `------x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
const read = (text: string, type = TYPE): unknown => readMultipart(type, Buffer.from(text, 'latin1'));

describe('a form with a file', () => {
  it('is read as FormData sends it, byte for byte', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    const form = new FormData();
    form.set('form_key', 'abc');
    form.set('logo', new File([bytes, '\r\n--x'], 'my "logo".png', { type: 'image/png' }));
    const request = new Request('http://localhost/', { method: 'POST', body: form });
    const fields = readMultipart(request.headers.get('content-type')!, new Uint8Array(await request.arrayBuffer()));
    expect(fields['form_key']).toBe('abc');
    expect(Buffer.from(fields['logo']!, 'latin1')).toEqual(Buffer.concat([bytes, Buffer.from('\r\n--x')]));
  });

  it.each([
    ['nothing', ''],
    ['text before the first part', `x${part('a', '1')}------x--\r\n`],
    ['no end', part('a', '1')],
    ['a part without a name', '------x\r\nContent-Type: text/plain\r\n\r\nx\r\n------x--'],
    ['a part without a head', '------x\r\nx\r\n------x--'],
    [
      'a head that is too long',
      `------x\r\nX: ${'y'.repeat(2_000)}\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n------x--`,
    ],
    ['too many parts', `${Array.from({ length: 9 }, (_, at) => part(`a${at}`, '')).join('')}------x--`],
  ])('is refused with %s', (_, text) => {
    expect(() => read(text)).toThrow('expected a form with a file');
  });

  it.each([
    'multipart/form-data',
    'multipart/form-data; boundary=',
    `multipart/form-data; boundary=${'x'.repeat(71)}`,
    'text/plain',
  ])('is refused as %s', (type) => {
    expect(() => read(`${part('a', '1')}------x--`, type)).toThrow('expected a form with a file');
  });
});
