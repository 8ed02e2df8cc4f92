import { describe, expect, it } from 'vitest';
import { SIGNATURE_HEADER, signCallback } from './sign.ts';

describe('the signature of a callback', () => {
  it('is that of the contract', () => {
    expect(signCallback('testRawBody', 'testSecret')).toBe(
      'NoIaKv36OfjECFj9JIa2fRdpQOr5XLnrGuX5twua2+RrhDvRlazApb16Zpil/c1cz3r2KrqxqiDOU430JbThfA==',
    );
    expect(SIGNATURE_HEADER).toBe('chainside-signature');
  });

  it('is of the bytes of the body in UTF-8, so that no letter is lost', () => {
    // By OpenSSL: openssl dgst -sha512 -mac HMAC -macopt hexkey:<SHA-256 of the secret> -binary | base64
    expect(signCallback('{"details":"Café №5 🍕"}', 'Schlüssel')).toBe(
      'qD/8WXDL91Es3D3tlsFk6QtiZzpv3hd5/qhIChHNS3h/C6XPvDZQy5wUhpn1NK7Y4KHdu5IPCwJ0p3eCePQI4g==',
    );
  });

  it.each([
    ['another body', 'testRawBody\n', 'testSecret'],
    ['another secret', 'testRawBody', 'testsecret'],
  ])('is another one for %s', (_, body, secret) => {
    expect(signCallback(body, secret)).not.toBe(signCallback('testRawBody', 'testSecret'));
  });
});
