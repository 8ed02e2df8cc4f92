import { expect, it } from 'vitest';
import { embeddedIpv4 } from './embedded-ipv4.ts';

it.each([
  ['::ffff:10.0.0.5', ['10.0.0.5']],
  ['::FFFF:0808:0808', ['8.8.8.8']],
  ['64:ff9b::8.8.8.8', ['8.8.8.8']],
  ['64:ff9b::a00:5', ['10.0.0.5']],
  // The example of RFC 6052, 2.4, for each prefix length within 64:ff9b:1::/48.
  ['64:ff9b:1:c000:2:2100::', ['192.0.2.33', '2.33.0.0']],
  ['64:ff9b:1::192.0.2.33', ['192.0.2.33']],
  ['64:ff9b:1::', []],
  ['2001:4860::8888', undefined],
  ['::1', undefined],
  ['10.0.0.5', undefined],
  ['::ffff:10.0.0.5%lo', undefined],
  ['64:ff9b::zz', undefined],
])('%s embeds %j', (address, expected) => {
  const found = embeddedIpv4(address);
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found).toEqual(expect.arrayContaining(expected));
});
