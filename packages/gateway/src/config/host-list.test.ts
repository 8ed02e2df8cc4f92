import { describe, expect, it } from 'vitest';
import { parseHostList } from './host-list.ts';

describe('a list of hosts', () => {
  const list = parseHostList('10.0.0.5, Shop.LAN.,172.18.0.0/16 ,fd00:1::/32,my_shop');

  it.each(['10.0.0.5', 'shop.lan', 'SHOP.lan.', '172.18.255.1', '[fd00:1::7]', 'fd00:1:0:0::7', 'my_shop'])(
    'contains %s',
    (host) => {
      expect(list.has(host)).toBe(true);
    },
  );

  it.each(['10.0.0.6', 'lan', 'x.shop.lan', 'shop.lan.evil.example', '172.19.0.1', 'fd00:2::1', 'fd00:1::7%lo', 'localhost', ''])(
    'does not contain %s',
    (host) => {
      expect(list.has(host)).toBe(false);
    },
  );

  it.each([
    '',
    'a,,b',
    'http://shop.lan',
    'shop.lan:8080',
    '10.0.0.0/0',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '10.0.0.0/x',
    '::/0',
    'fe80::1%lo',
    '10.0.0',
    '0x7f.1',
    '2130706433',
    'shop lan',
    '*.lan',
    '-shop',
    'shop/path',
    `${'x'.repeat(64)}.lan`,
  ])('rejects %j, and states what it expected', (text) => {
    expect(() => parseHostList(text)).toThrow(/^expected .+, got "/);
  });
});
