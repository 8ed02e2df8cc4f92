import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProxies, type TrustProxy } from '../../config/trust-proxy.ts';
import { clientAddress } from './client-address.ts';

const trust = (text: string, header: TrustProxy['header'] = 'x-forwarded-for'): TrustProxy => ({
  header,
  proxies: parseProxies(text),
});
const NOBODY: TrustProxy = { header: 'x-forwarded-for', proxies: { kind: 'none' } };

describe('the origin of a request', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8::1', '2001:db8::1'],
    [undefined, ''],
  ])('is the other end of the connection (%s) without configured proxies, whatever headers say', (peer, address) => {
    const headers = { 'x-forwarded-for': '192.0.2.1', forwarded: 'for=192.0.2.1', 'x-real-ip': '192.0.2.1' };
    expect(clientAddress(peer, headers, NOBODY)).toBe(address);
  });

  it.each([
    ['one proxy', '10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['an address that the client forged', '10.0.0.1', '192.0.2.1, 198.51.100.7', '198.51.100.7'],
    ['our own address, forged by the client', '10.0.0.1', '10.0.0.9, 198.51.100.7', '198.51.100.7'],
    ['two proxies', '10.0.0.1', '192.0.2.1, 198.51.100.7, 10.0.0.2', '198.51.100.7'],
    ['only proxies all the way', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['no header', '10.0.0.1', undefined, '10.0.0.1'],
    ['an empty header', '10.0.0.1', '', '10.0.0.1'],
    ['nonsense', '10.0.0.1', '198.51.100.7, nonsense', '10.0.0.1'],
    ['a port', '10.0.0.1', '198.51.100.7:4711', '198.51.100.7'],
    ['IPv6', '::ffff:10.0.0.1', '2001:db8::7', '2001:db8::7'],
    ['IPv6 with a port', '10.0.0.1', '[2001:db8::7]:4711', '2001:db8::7'],
    ['an IPv4-mapped IPv6 address', '10.0.0.1', '::ffff:198.51.100.7', '198.51.100.7'],
    ['a stranger who writes the header', '198.51.100.9', '192.0.2.1', '198.51.100.9'],
  ])('is reported by proxies at trusted addresses: %s', (_what, peer, header, address) => {
    const headers = header === undefined ? {} : { 'x-forwarded-for': header };
    expect(clientAddress(peer, headers, trust('10.0.0.0/8, 2001:db8:f::/48'))).toBe(address);
  });

  it.each([
    [1, '192.0.2.1, 198.51.100.7', '198.51.100.7'],
    [2, '192.0.2.1, 198.51.100.7, 203.0.113.5', '198.51.100.7'],
    [2, '198.51.100.7', '198.51.100.7'],
    [10, '', '203.0.113.1'],
  ])('is reported by the last %i proxies, wherever they are', (hops, header, address) => {
    expect(clientAddress('203.0.113.1', { 'x-forwarded-for': header }, trust(String(hops)))).toBe(address);
  });

  it.each([
    ['for=198.51.100.7', '198.51.100.7'],
    ['For="198.51.100.7:4711";proto=https;by=10.0.0.1', '198.51.100.7'],
    ['proto=https; for="[2001:db8::7]:4711"', '2001:db8::7'],
    ['for=192.0.2.1, for=198.51.100.7', '198.51.100.7'],
    ['for=192.0.2.1, for=198.51.100.7;by=10.0.0.2, for=10.0.0.2', '198.51.100.7'],
    ['for=unknown', '10.0.0.1'],
    ['for=_hidden', '10.0.0.1'],
    ['for=192.0.2.1, proto=https', '10.0.0.1'],
    ['by=192.0.2.1', '10.0.0.1'],
  ])('is read from the standard header if proxies write that one: %s', (forwarded, address) => {
    const headers = { forwarded, 'x-forwarded-for': '192.0.2.99' };
    expect(clientAddress('10.0.0.1', headers, trust('10.0.0.0/8', 'forwarded'))).toBe(address);
  });

  it('is not read from a header that the proxies do not write, because a client may have written it', () => {
    const headers = { forwarded: 'for=192.0.2.1', 'x-forwarded-for': '198.51.100.7' };
    expect(clientAddress('10.0.0.1', headers, trust('10.0.0.1'))).toBe('198.51.100.7');
  });

  it('is not affected by anything to the left of what our proxy has added', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (made) => {
        const headers = { 'x-forwarded-for': `${made}, 198.51.100.7` };
        expect(clientAddress('10.0.0.1', headers, trust('10.0.0.1'))).toBe('198.51.100.7');
        expect(clientAddress('10.0.0.1', headers, trust('1'))).toBe('198.51.100.7');
      }),
    );
  });
});
