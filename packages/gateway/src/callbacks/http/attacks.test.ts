/** Every known way to write a target that callbacks must not reach. All are refused without a connection. */
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseHostList } from '../../config/host-list.ts';
import { epochMs } from '../../kernel/clock.ts';
import { parseId, type CallbackId } from '../../kernel/ids.ts';
import type { Attempt } from '../attempt.ts';
import { createCallbackSender } from './callback-sender.ts';
import { platformKey } from '../sign.ts';

const resolver = vi.hoisted(() => ({ answers: new Map<string, string[][]>(), asked: 0 }));
// The fake resolver knows only the names below, and repeats the last answer for a name.
vi.mock('node:dns', () => ({
  lookup: (name: string, _: object, done: (error: Error | null, addresses: LookupAddress[]) => void) => {
    resolver.asked += 1;
    const answers = resolver.answers.get(name.toLowerCase().replace(/\.$/, ''));
    const found = answers === undefined || answers.length < 2 ? answers?.[0] : answers.shift();
    if (found === undefined) return done(Object.assign(new Error(`ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), []);
    return done(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  },
}));

let connections = 0;
const servers: Server[] = [];
let port: number;
beforeAll(async () => {
  // A dual-stack listener would accept connections to any form of loopback address.
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  servers.push(server);
  server.listen(0, '::');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  for (const server of servers) server.close();
});

const sender = createCallbackSender({
  now: () => epochMs(1_795_000_000_000),
  dangerouslyAllowPrivateCallbacks: false,
  deadlineMs: 2_000,
});
afterAll(() => sender.close());
const send = (url: string): Promise<Attempt> =>
  sender.send(
    { id: parseId<CallbackId>('5c3e8f0a-6f0a-4d0c-9a53-0d9c0fd0b001'), body: '{}', url },
    { platform: platformKey('x'), standard: [] },
    new AbortController().signal,
  );

// prettier-ignore
const HOSTS = [
  // Loopback, and the host itself.
  '127.0.0.1', '127.0.0.1.', '127.1', '127.0.1', '127.255.255.254', '2130706433', '0x7f000001', '0x7F.1', '0x7f.0x0.0x0.0x1', '0177.0.0.1',
  '017700000001', '0177.0x0.0.01', '127.000.000.001', '%31%32%37.0.0.1', '１２７.０.０.１', '①②⑦.⓪.⓪.①', '127。0。0。1', '127．0．0．1', '127｡0｡0｡1',
  '0', '0.0.0.0', '0x0', '00', '0.1', '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[0000::0001]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]',
  '[::FFFF:7F00:0001]', '[0:0:0:0:0:ffff:127.0.0.1]', '[::127.0.0.1]', '[::7f00:1]', '[::ffff:0:127.0.0.1]', '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2001:0:4136:e378:8000:63bf:80ff:fffe]', '[::ffff:0.0.0.0]',
  // The metadata services of cloud providers.
  '169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '0xA9.0xFE.0xA9.0xFE', '169.254.43518', '169.16689662', '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]', '[64:ff9b::a9fe:a9fe]', '[2002:a9fe:a9fe::]', '[fd00:ec2::254]', '100.100.100.200', '192.0.0.192', '169.254.170.2',
  // Private networks.
  '10.0.0.1', '10.1', '167772161', '012.0.0.1', '0xa.1', '172.16.0.1', '172.1048577', '172.31.255.255', '192.168.0.1', '3232235521', '0xc0a80001', '192.168.1',
  '100.64.0.1', '198.18.0.1', '[fc00::1]', '[fd12:3456:789a::1]', '[fe80::1]', '[febf::1]', '[fec0::1]', '[::ffff:10.0.0.1]', '[::ffff:c0a8:1]',
  // Multicast, broadcast and reserved ranges.
  '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255', '[ff02::1]', '[2001:db8::1]', '[100::1]', '192.0.2.1', '198.51.100.1', '203.0.113.1',
  // Names that the fake resolver knows.
  'localhost', 'LOCALHOST', 'localhost.', 'localhost6', 'metadata.internal', 'inside.example', 'mapped.example', 'one-of-many.example', 'last-of-six.example',
  'translated.example', 'zone.example',
];

for (const [name, ...addresses] of [
  ['localhost', '127.0.0.1', '::1'],
  ['localhost6', '::1'],
  ['metadata.internal', '169.254.169.254'],
  ['inside.example', '10.0.0.1'],
  ['mapped.example', '::ffff:127.0.0.1'],
  ['one-of-many.example', '1.1.1.1', '127.0.0.1'],
  ['last-of-six.example', '1.1.1.1', '1.0.0.1', '8.8.8.8', '8.8.4.4', '2606:4700:4700::1111', 'fe80::1'],
  ['translated.example', '64:ff9b::7f00:1'],
  ['zone.example', 'fe80::1%lo'],
] as const)
  resolver.answers.set(name, [addresses.slice()]);

const wholeUrls = (): string[] => [
  `http://1.1.1.1:${port}/`,
  `http://localhost:${port}/`,
  `https://shop.example@127.0.0.1:${port}/`,
  `https://1.1.1.1:443@127.0.0.1:${port}/`,
  `https://127.0.0.1:${port}#@shop.example/`,
  `https://127.0.0.1:${port}?@shop.example/`,
  `https:127.0.0.1:${port}`,
  `https:\\\\127.0.0.1:${port}\\`,
  `https:///127.0.0.1:${port}/`,
  ` https://127.0.0.1:${port}/`,
  `https://127.0.0.1\t:${port}/`,
  `https://12\n7.0.0.1:${port}/`,
  `https://127.0.0.1\\@shop.example:${port}/`,
  'https://[fe80::1%25lo]/',
  `https://127.0.0.1%00.shop.example:${port}/`,
  'ftp://127.0.0.1/',
  'file:///etc/passwd',
  'unix:///var/run/docker.sock',
  'data:text/plain,x',
  'blob:https://127.0.0.1/x',
  'gopher://127.0.0.1/',
  'ws://127.0.0.1/',
  '//127.0.0.1/',
  '',
];

describe('a callback to a target outside the public internet', () => {
  it.each(HOSTS)('is refused for https://%s/', async (host) => {
    const attempt = await send(`https://${host}:${port}/hook`);
    expect(attempt).toMatchObject({ kind: 'refused', error: expect.stringMatching(/not a public address|Invalid URL/) });
    expect(connections).toBe(0);
  });

  it('is refused however the URL is written', async () => {
    for (const url of wholeUrls()) {
      const attempt = await send(url);
      expect(attempt, url).toMatchObject({ kind: 'refused' });
      expect(attempt, url).toHaveProperty(
        'error',
        expect.stringMatching(/not a public address|expected an https URL|Invalid URL/),
      );
    }
    expect(connections).toBe(0);
    expect(new Set([...HOSTS, ...wholeUrls()]).size).toBeGreaterThan(120);
  });

  it('is refused when its name resolved to a public address before, but no longer does when the connection is made', async () => {
    resolver.answers.set('rebinds.example', [['1.1.1.1'], ['127.0.0.1']]);
    const { lookup } = await import('node:dns');
    const before = await new Promise((resolve) => lookup('rebinds.example', {}, (_, address) => resolve(address)));
    expect(before).toEqual([{ address: '1.1.1.1', family: 4 }]);
    const asked = resolver.asked;
    expect(await send(`https://rebinds.example:${port}/`)).toMatchObject({
      error: 'rebinds.example resolves to 127.0.0.1, which is not a public address',
    });
    // The check used the same lookup as the connection.
    expect(resolver.asked).toBe(asked + 1);
    expect(connections).toBe(0);
  });
});

describe('with a list of allowed hosts', () => {
  const allowing = createCallbackSender({
    now: () => epochMs(1_795_000_000_000),
    dangerouslyAllowPrivateCallbacks: false,
    allowed: parseHostList('shop.lan, 127.0.0.5, 10.9.0.0/16, fd00:7::/32, metadata.lan'),
    deadlineMs: 2_000,
  });
  afterAll(() => allowing.close());
  const sendTo = (url: string): Promise<Attempt> =>
    allowing.send(
      { id: parseId<CallbackId>('5c3e8f0a-6f0a-4d0c-9a53-0d9c0fd0b001'), body: '{}', url },
      { platform: platformKey('x'), standard: [] },
    );
  for (const [name, ...addresses] of [
    ['shop.lan', '127.0.0.1'],
    ['metadata.lan', '169.254.169.254'],
    ['unlisted.lan', '127.0.0.1'],
    ['in-network.example', '127.0.0.5'],
    ['half-in-network.example', '127.0.0.5', '127.0.0.6'],
    ['mapped-in-network.example', '::ffff:127.0.0.5'],
    ['shop.lan.evil.example', '127.0.0.1'],
  ] as const)
    resolver.answers.set(name, [addresses.slice()]);

  // What is allowed reaches the listener above, which closes every connection.
  it.each([
    ['a listed name', (at: number) => `https://shop.lan:${at}/`],
    ['a listed name over http', (at: number) => `http://SHOP.lan.:${at}/`],
    ['a listed address', (at: number) => `https://127.0.0.5:${at}/`],
    ['a listed address over http', (at: number) => `http://127.0.0.5:${at}/`],
    ['another name that resolves to a listed address', (at: number) => `https://in-network.example:${at}/`],
    ['another name that resolves to an IPv4-mapped listed address', (at: number) => `https://mapped-in-network.example:${at}/`],
  ])('%s can be reached', async (_, urlAt) => {
    const before = connections;
    expect(await sendTo(urlAt(port))).toMatchObject({
      kind: 'refused',
      error: expect.not.stringMatching(/public address|https URL/),
    });
    expect(connections).toBeGreaterThan(before);
  });

  it.each([
    ['another address', 'https://127.0.0.6', /not a public address/],
    ['another address over http', 'http://127.0.0.6', /https URL/],
    ['a public address over http', 'http://1.1.1.1', /https URL/],
    ['an unlisted name', 'https://unlisted.lan', /not a public address/],
    ['a name that begins with a listed one', 'https://shop.lan.evil.example', /not a public address/],
    ['an unlisted name over http', 'http://in-network.example', /https URL/],
    [
      'a name with one listed and one unlisted address',
      'https://half-in-network.example',
      /127\.0\.0\.6, which is not a public address/,
    ],
    ["a listed name that resolves to a cloud's metadata service", 'https://metadata.lan', /not a public address/],
    ['an address that is translated to an unlisted private network', 'https://[64:ff9b::a0a:1]', /not a public address/],
    ['another protocol', 'ftp://shop.lan', /https URL/],
  ])('%s cannot be reached', async (_, origin, error) => {
    const before = connections;
    expect(await sendTo(`${origin}:${port}/`)).toMatchObject({ kind: 'refused', error: expect.stringMatching(error) });
    expect(connections).toBe(before);
  });

  it('a listed name is judged by the address it resolves to when the connection is made', async () => {
    resolver.answers.set('shop.lan', [['127.0.0.1'], ['169.254.169.254']]);
    expect(await sendTo(`http://shop.lan:${port}/first`)).toMatchObject({ error: expect.not.stringMatching(/public address/) });
    expect(await sendTo(`http://shop.lan:${port}/second`)).toMatchObject({
      error: expect.stringMatching(/not a public address/),
    });
  });
});
