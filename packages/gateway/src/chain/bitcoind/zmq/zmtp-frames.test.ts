import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createZmtpReader, encodeFrame, GREETING, PING, READY, subscription } from './zmtp-frames.ts';

const LIMIT = 1000;

function longFrame(body: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head[0] = 2;
  head.writeBigUInt64BE(BigInt(body.length), 1);
  return Buffer.concat([head, body]);
}

test('the frames that we send are those of the specification', () => {
  expect(GREETING.toString('hex')).toBe(`ff00000000000000007f0300${'4e554c4c'.padEnd(40, '0')}00${'00'.repeat(31)}`);
  expect(READY.toString('latin1')).toBe('\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03SUB');
  expect(PING.toString('latin1')).toBe('\x04\x07\x04PING\0\0');
  expect(subscription('sequence').toString('latin1')).toBe('\0\x09\x01sequence');
});

test('frames are the same in whatever pieces they arrive', () => {
  const stream = Buffer.concat([
    GREETING,
    READY,
    encodeFrame(1, Buffer.from('sequence')),
    longFrame(Buffer.alloc(300, 5)),
    encodeFrame(0, Buffer.alloc(0)),
  ]);
  const whole = createZmtpReader(LIMIT).push(stream);
  expect(whole.map(({ isCommand, more, body }) => [isCommand, more, body.length])).toEqual([
    [true, false, 25],
    [false, true, 8],
    [false, false, 300],
    [false, false, 0],
  ]);
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      const reader = createZmtpReader(LIMIT);
      const frames = places.slice(1).flatMap((end, n) => reader.push(stream.subarray(places[n], end)));
      expect(frames).toEqual(whole);
    }),
  );
});

test.each([
  ['another protocol', Buffer.from('HTTP/1.1 400 Bad Request\r\n'.padEnd(64)), /expected a ZeroMQ peer of version 3/],
  ['an old version', Buffer.concat([Buffer.from('ff00000000000000017f01', 'hex')], 64), /expected a ZeroMQ peer of version 3/],
  [
    'another mechanism',
    Buffer.concat([GREETING.subarray(0, 12), Buffer.from('CURVE')], 64),
    /expected the mechanism NULL, got "CURVE"/,
  ],
  [
    'a frame above the limit',
    Buffer.concat([GREETING, longFrame(Buffer.alloc(LIMIT + 1))]),
    /expected a frame of at most 1000 bytes, got one of 1001/,
  ],
  [
    'a frame of 2^64 - 1 bytes',
    Buffer.concat([GREETING, Buffer.from('02ffffffffffffffff', 'hex')]),
    /got one of 18446744073709551615/,
  ],
])('%s is refused', (_, stream, message) => {
  expect(() => createZmtpReader(LIMIT).push(stream)).toThrow(message);
});
