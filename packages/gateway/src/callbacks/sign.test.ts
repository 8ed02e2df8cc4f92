import { describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { CallbackHandler } from '@webpos/sdk/callbacks';
import { standardWebhooks } from '@webpos/sdk/adapters';
import { sampleCallback } from '@webpos/sdk/testing';
import { epochMs } from '../kernel/clock.ts';
import { platformKey, SIGNATURE_HEADER, signCallback, standardHeaders } from './sign.ts';
import { standardKey, standardSecret } from './standard-key.ts';

describe("a callback's platform signature", () => {
  it('is the one that the contract specifies', () => {
    expect(signCallback('testRawBody', platformKey('testSecret'))).toBe(
      'NoIaKv36OfjECFj9JIa2fRdpQOr5XLnrGuX5twua2+RrhDvRlazApb16Zpil/c1cz3r2KrqxqiDOU430JbThfA==',
    );
    expect(SIGNATURE_HEADER).toBe('chainside-signature');
  });

  it('covers the UTF-8 bytes of the body', () => {
    // Computed with OpenSSL: openssl dgst -sha512 -mac HMAC -macopt hexkey:<SHA-256 of the secret> -binary | base64
    expect(signCallback('{"details":"Café №5 🍕"}', platformKey('Schlüssel'))).toBe(
      'qD/8WXDL91Es3D3tlsFk6QtiZzpv3hd5/qhIChHNS3h/C6XPvDZQy5wUhpn1NK7Y4KHdu5IPCwJ0p3eCePQI4g==',
    );
  });

  it.each([
    ['another body', 'testRawBody\n', 'testSecret'],
    ['another secret', 'testRawBody', 'testsecret'],
  ])('differs for %s', (_, body, secret) => {
    expect(signCallback(body, platformKey(secret))).not.toBe(signCallback('testRawBody', platformKey('testSecret')));
  });
});

const KEY_OF_TEST_SECRET = 'f028ba4abf1b7f5279096dc399629e59f508fa9ba406a06162b4833370fe19b1';

describe('the Standard Webhooks headers', () => {
  const body = JSON.stringify(sampleCallback('payment.completed'));
  const id = '5c3e8f0a-6f0a-4d0c-9a53-0d9c0fd0b001';
  const headersAt = (time: number, ...secrets: string[]): Record<string, string> =>
    standardHeaders(id, body, secrets.map(standardKey), epochMs(time));

  it('are accepted by the official Standard Webhooks library, for this body, id, time and key only', () => {
    const headers = headersAt(Date.now(), 'the secret');
    const webhook = new Webhook(standardSecret('the secret'));
    expect(webhook.verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => webhook.verify(`${body} `, headers)).toThrow(/signature/i);
    expect(() => webhook.verify(body, { ...headers, 'webhook-id': 'another' })).toThrow(/signature/i);
    expect(() => webhook.verify(body, headersAt(Date.now() - 3_600_000, 'the secret'))).toThrow(/timestamp/i);
    expect(() => new Webhook(standardSecret('another')).verify(body, headers)).toThrow(/signature/i);
  });

  it('are accepted by our client library, together with chainside-signature', async () => {
    const headers = { ...headersAt(Date.now(), 'the secret'), [SIGNATURE_HEADER]: signCallback(body, platformKey('the secret')) };
    const check = standardWebhooks(standardSecret('the secret'));
    const both = new CallbackHandler({ secret: 'the secret', standardWebhooks: check, maxAgeMs: 60_000 });
    expect(await both.parse(headers, body)).toMatchObject({ event: 'payment.completed' });
    expect(await new CallbackHandler({ secret: 'the secret' }).parse(headers, body)).toMatchObject({
      event: 'payment.completed',
    });
    const changed = { ...headers, 'webhook-timestamp': String(Math.floor(Date.now() / 1000) + 1) };
    await expect(both.parse(changed, body)).rejects.toThrow(/webhook-signature/);
  });

  it('contain a signature for each of two secrets, so that a shop with either can verify', () => {
    const headers = headersAt(Date.now(), 'old', 'new');
    for (const secret of ['old', 'new']) expect(new Webhook(standardSecret(secret)).verify(body, headers)).toBeTruthy();
  });

  it('are signed with a key that is derived from the secret by HKDF', () => {
    // RFC 5869 with SHA-256, no salt and this info; computed with Python's hmac module.
    expect(Buffer.from(standardKey('testSecret')).toString('hex')).toBe(KEY_OF_TEST_SECRET);
    expect(standardSecret('testSecret')).toBe(`whsec_${Buffer.from(KEY_OF_TEST_SECRET, 'hex').toString('base64')}`);
  });
});
