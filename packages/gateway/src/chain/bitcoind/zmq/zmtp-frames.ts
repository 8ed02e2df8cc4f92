/**
 * Encodes and reads the bytes of ZMTP 3.0 with the NULL mechanism, as far as a subscriber needs them
 * (https://rfc.zeromq.org/spec/23/). Newer peers also accept 3.0, where a subscription is a plain message.
 */
export interface ZmtpFrame {
  /** READY, PING and the like. */
  readonly isCommand: boolean;
  /** More frames of the same message follow. */
  readonly more: boolean;
  readonly body: Buffer;
}

const GREETING_BYTES = 64;
const MORE = 1;
const LONG = 2;
const COMMAND = 4;

/** Signature, version 3.0, mechanism NULL, not a server. */
export const GREETING: Buffer = Buffer.concat(
  [Buffer.from('ff00000000000000007f0300', 'hex'), Buffer.from('NULL')],
  GREETING_BYTES,
);
/** Announces a subscriber. */
export const READY: Buffer = encodeFrame(
  COMMAND,
  Buffer.concat([Buffer.from('\x05READY\x0bSocket-Type'), Buffer.from([0, 0, 0, 3]), Buffer.from('SUB')]),
);
/** Asks for a sign of life. From libzmq 4.2 on, the peer answers whatever version was agreed. Time to live 0, no context. */
export const PING: Buffer = encodeFrame(COMMAND, Buffer.from('\x04PING\0\0'));

/** Subscribes to messages whose first frame begins with `topic`. */
export function subscription(topic: string): Buffer {
  return encodeFrame(0, Buffer.from(`\x01${topic}`));
}

/** Encodes one short frame. */
export function encodeFrame(flags: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([flags, body.length]), body]);
}

/** Splits the stream, received in any pieces, into whole frames. */
export interface ZmtpReader {
  /** @throws Error when the peer speaks another protocol, or announces a frame above the limit. */
  push(chunk: Buffer): ZmtpFrame[];
}

export function createZmtpReader(maxFrameBytes: number): ZmtpReader {
  let rest: Buffer = Buffer.alloc(0);
  let greeted = false;
  return {
    push(chunk) {
      rest = Buffer.concat([rest, chunk]);
      if (!greeted) {
        if (rest.length < GREETING_BYTES) return [];
        checkGreeting(rest);
        greeted = true;
        rest = rest.subarray(GREETING_BYTES);
      }
      const frames: ZmtpFrame[] = [];
      for (;;) {
        const flags = rest[0];
        if (flags === undefined) return frames;
        const bodyAt = (flags & LONG) === 0 ? 2 : 9;
        if (rest.length < bodyAt) return frames;
        const length = bodyAt === 2 ? BigInt(rest.readUInt8(1)) : rest.readBigUInt64BE(1);
        if (length > BigInt(maxFrameBytes))
          throw new Error(`expected a frame of at most ${maxFrameBytes} bytes, got one of ${length}`);
        const end = bodyAt + Number(length);
        if (rest.length < end) return frames;
        frames.push({ isCommand: (flags & COMMAND) !== 0, more: (flags & MORE) !== 0, body: rest.subarray(bodyAt, end) });
        rest = rest.subarray(end);
      }
    },
  };
}

function checkGreeting(bytes: Buffer): void {
  const mechanism = bytes.toString('latin1', 12, 32).replace(/\0+$/, '');
  if (bytes[0] !== 0xff || bytes[9] !== 0x7f || bytes.readUInt8(10) < 3)
    throw new Error('expected a ZeroMQ peer of version 3, got something else');
  if (mechanism !== 'NULL') throw new Error(`expected the mechanism NULL, got ${JSON.stringify(mechanism)}`);
}
