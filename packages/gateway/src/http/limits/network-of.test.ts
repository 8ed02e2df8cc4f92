import { isIPv6 } from 'node:net';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { networkOf } from './network-of.ts';

it.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['1::', '1:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ['::ffff:0:192.0.2.1', '0:0:0:0::/64'],
  ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4::/64'],
  ['', ''],
  ['not an address', 'not an address'],
])('%s is counted as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

it('every address of a /64 network is counted as one, however it is written', () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  fc.assert(
    fc.property(
      fc.array(group, { minLength: 4, maxLength: 4 }),
      fc.array(group, { minLength: 4, maxLength: 4 }),
      (head, tail) => {
        const hex = [...head, ...tail].map((value) => value.toString(16));
        const padded = hex.map((text) => text.padStart(4, '0').toUpperCase());
        const short = new URL(`http://[${hex.join(':')}]`).hostname.slice(1, -1);
        expect(isIPv6(short)).toBe(true);
        const networks = new Set([hex.join(':'), padded.join(':'), short].map(networkOf));
        expect([...networks]).toEqual([`${hex.slice(0, 4).join(':')}::/64`]);
      },
    ),
  );
});
