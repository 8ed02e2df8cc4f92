import type { LookupAddress } from 'node:dns';
import { describe, expect, it, vi } from 'vitest';
import { NO_HOSTS } from '../../kernel/host-list.ts';
import { ForbiddenAddressError, guardedLookup, isPublicAddress } from './address-guard.ts';

describe('a public address', () => {
  // prettier-ignore
  it.each([
    '1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.1', '169.253.255.255',
    '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.0.1.0', '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0',
    '223.255.255.255', '2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:1450:4001:800::200e', '2001:200::1', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '64:ff9b:1::8.8.8.8', '64:ff9b:1:808:8:800::',
  ])('may be %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ['this host', '0.0.0.0'],
    ['this network', '0.255.255.255'],
    ['a private network', '10.0.0.1'],
    ['a private network', '10.255.255.255'],
    ['shared address space', '100.64.0.1'],
    ['shared address space', '100.127.255.255'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['link-local', '169.254.0.1'],
    ["a cloud's metadata service", '169.254.169.254'],
    ['a private network', '172.16.0.1'],
    ['a private network', '172.31.255.255'],
    ['protocol assignments', '192.0.0.1'],
    ['documentation', '192.0.2.1'],
    ['6to4 relays', '192.88.99.1'],
    ['a private network', '192.168.0.1'],
    ['a private network', '192.168.255.255'],
    ['benchmarks', '198.18.0.1'],
    ['benchmarks', '198.19.255.255'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['an IPv4-mapped address', '::ffff:127.0.0.1'],
    ['an IPv4-mapped address', '::ffff:7f00:1'],
    ['an IPv4-compatible address', '::127.0.0.1'],
    ['translation to IPv4', '64:ff9b::7f00:1'],
    ['local translation to IPv4', '64:ff9b:1::7f00:1'],
    ['local translation to IPv4 with a 48-bit prefix', '64:ff9b:1:a00:0:500::'],
    ['local translation to a public address only with a longer prefix', '64:ff9b:1:a00:0:500:808:808'],
    ['translation to nothing', '64:ff9b::'],
    ['discard', '100::1'],
    ['Teredo', '2001::1'],
    ['ORCHID', '2001:20::1'],
    ['documentation', '2001:db8::1'],
    ['6to4', '2002:7f00:1::1'],
    ['documentation', '3fff::1'],
    ['unique local', 'fc00::1'],
    ["unique local, a cloud's metadata service", 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['unassigned', '4000::1'],
    ['a name', 'localhost'],
    ['a name', 'shop.example'],
    ['a number that URLs accept as an address', '2130706433'],
    ['an octal number that resolvers accept as an address', '0177.0.0.1'],
    ['a short form', '127.1'],
    ['an empty text', ''],
  ])('cannot be %s (%s)', (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

const names = vi.hoisted(() => new Map<string, readonly string[]>());
// The fake resolver knows only the names below.
vi.mock('node:dns', () => ({
  lookup: (name: string, _: object, done: (error: Error | null, addresses: LookupAddress[]) => void) => {
    const found = names.get(name);
    if (found === undefined) done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), []);
    else
      done(
        null,
        found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
  },
}));
names.set('shop.example', ['1.1.1.1', '2606:4700:4700::1111']);
names.set('inside.example', ['10.0.0.1']);
names.set('two-faced.example', ['1.1.1.1', '127.0.0.1']);
names.set('two-faced-6.example', ['1.1.1.1', 'fe80::1%eth0']);
names.set('empty.example', []);

describe("the guarded lookup of a callback's host", () => {
  const resolve = (name: string, options: { all?: boolean }) =>
    new Promise<unknown[]>((done, fail) => {
      guardedLookup(NO_HOSTS)(name, options, (error, ...found) => (error === null ? done(found) : fail(error)));
    });

  it('returns one address or all of them, as requested', async () => {
    expect(await resolve('shop.example', {})).toEqual(['1.1.1.1', 4]);
    expect(await resolve('shop.example', { all: true })).toEqual([
      [
        { address: '1.1.1.1', family: 4 },
        { address: '2606:4700:4700::1111', family: 6 },
      ],
    ]);
  });

  it.each([
    ['inside.example', 'inside.example resolves to 10.0.0.1, which is not a public address'],
    // The connection could use either address.
    ['two-faced.example', 'two-faced.example resolves to 127.0.0.1, which is not a public address'],
    ['two-faced-6.example', 'two-faced-6.example resolves to fe80::1%eth0, which is not a public address'],
    ['empty.example', 'empty.example resolves to no address'],
  ])('refuses %s', async (name, message) => {
    for (const options of [{}, { all: true }]) {
      const error: unknown = await resolve(name, options).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ForbiddenAddressError);
      expect(error).toHaveProperty('message', message);
    }
  });

  it('passes on the error for an unknown name', async () => {
    await expect(resolve('nobody.example', {})).rejects.toHaveProperty('code', 'ENOTFOUND');
  });
});
