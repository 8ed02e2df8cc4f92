import { expect, test } from 'vitest';
import { parseNodeUrl } from './node-url.ts';

test.each([
  ['http://127.0.0.1:8332', 'http://127.0.0.1:8332', '/', undefined],
  ['http://[::1]:8332/', 'http://[::1]:8332', '/', undefined],
  ['http://shop:pw@node.lan:8332', 'http://node.lan:8332', '/', 'shop:pw'],
  ['https://shop:p%2Fw%40%25%C3%A9@node.lan/wallet/x', 'https://node.lan', '/wallet/x', 'shop:p/w@%é'],
  ['http://__cookie__:00ff@127.0.0.1:18443', 'http://127.0.0.1:18443', '/', '__cookie__:00ff'],
  ['http://:only@127.0.0.1:18443', 'http://127.0.0.1:18443', '/', ':only'],
])('the URL %s is parsed', (text, origin, path, userPassword) => {
  expect(parseNodeUrl(text)).toEqual({ origin, path, userPassword });
});

test.each([
  ['http://shop:s3cret/x@node:8332'],
  ['http://shop:s3cret#x@node:8332'],
  ['http://shop:s3cret?x@node:8332'],
  ['http://shop:12#s3cret@node:8332'],
  ['http://shop:12/s3cret@node:8332'],
  ['http://shop:s3cret%zz@node:8332'],
  ['shop:s3cret@node:8332'],
  ['tcp://shop:s3cret@node:8332'],
  ['node:8332'],
  [''],
])('the URL %s is refused and not repeated in the error', (text) => {
  let caught: unknown;
  try {
    parseNodeUrl(text);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(RangeError);
  expect((caught as RangeError).message).toMatch(/^bitcoind URL: expected /);
  expect((caught as RangeError).message).not.toMatch(/s3cret|shop|12/);
  expect((caught as RangeError).cause).toBeUndefined();
});
