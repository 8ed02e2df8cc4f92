/**
 * Listens to one topic of a ZeroMQ publisher, for as long as the signal lasts: connects again with growing pauses, and
 * drops a socket that has fallen silent, since a dead one looks just like a quiet one. Each message wakes, and so does a new
 * connection. Who wants to know what the messages say is also told whenever some may be missing.
 */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeLog } from './node-log.ts';
import type { ZmtpEndpoint } from './zmtp-endpoint.ts';
import { createZmtpReader, GREETING, PING, READY, subscription } from './zmtp-frames.ts';

export interface ZmtpSubscriberOptions {
  readonly endpoint: ZmtpEndpoint;
  readonly topic: string;
  readonly wake: () => void;
  /** Told of what comes before `wake` is called. */
  readonly listener?: ZmtpListener;
  readonly signal: AbortSignal;
  readonly log: NodeLog;
  /** A socket without a byte for so long, though we ping it, is dropped. Default 60 s. */
  readonly idleMs?: number;
  /** Default 64 KiB; a message of bitcoind's `sequence` has 41 bytes. */
  readonly maxFrameBytes?: number;
  /** The first pause before connecting again; doubles up to 30 s. Default 250 ms. */
  readonly retryMs?: number;
}

export interface ZmtpListener {
  /** From now on messages come. */
  connected(): void;
  /** The body of a message. */
  message(body: Buffer): void;
  /** Messages were lost. */
  lost(): void;
  /** No message will come for a while. */
  disconnected(): void;
}

/** Topic, body and counter; of what else comes nothing is kept. */
const MOST_PARTS = 3;
const LONGEST_PAUSE_MS = 30_000;

/** Subscribes until the signal ends it; then resolves. Never rejects. */
export async function subscribeZmtp(options: ZmtpSubscriberOptions): Promise<void> {
  const { endpoint, topic, wake, signal, log, retryMs = 250 } = options;
  let failures = 0;
  const onReady = (): void => {
    log.info(`ZMQ ${endpoint.text}: subscribed to ${topic}`);
    failures = 0;
    options.listener?.connected();
    wake();
  };
  while (!signal.aborted) {
    const why = await listen(options, onReady).catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    if (signal.aborted) return;
    options.listener?.disconnected();
    if (failures === 0) log.warn(`ZMQ ${endpoint.text}: ${why}; connecting again, other ways still wake us`);
    await sleep(Math.min(retryMs * 2 ** failures, LONGEST_PAUSE_MS), undefined, { signal }).catch(() => undefined);
    failures += 1;
  }
}

/** One connection, until it ends. Why it ended. */
async function listen(options: ZmtpSubscriberOptions, onReady: () => void): Promise<string> {
  const { endpoint, topic, wake, listener, signal, idleMs = 60_000, maxFrameBytes = 65_536 } = options;
  const socket = connect({ host: endpoint.host, port: endpoint.port, keepAlive: true, noDelay: true, signal });
  const reader = createZmtpReader(maxFrameBytes);
  const lost = lossCounter(options);
  let parts: Buffer[] = [];
  let introduced = false;
  let ready = false;
  let silentPings = 0;
  const heart = setInterval(() => {
    if (silentPings++ >= 3) socket.destroy(new Error(`nothing came for ${idleMs} ms`));
    else if (ready) socket.write(PING);
  }, idleMs / 3);
  try {
    socket.write(GREETING);
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      silentPings = 0;
      if (!introduced) socket.write(READY); // after the first of the peer's greeting
      introduced = true;
      for (const { isCommand, more, body } of reader.push(chunk)) {
        if (isCommand && !ready && body.toString('latin1', 0, 6) === '\x05READY') {
          ready = true;
          socket.write(subscription(topic));
          onReady();
        } else if (!isCommand) {
          if (parts.length < MOST_PARTS) parts.push(body);
          if (more) continue;
          lost(body);
          if (parts[1] !== undefined) listener?.message(parts[1]);
          parts = [];
          wake();
        }
      }
    }
    return 'the peer closed the connection';
  } finally {
    clearInterval(heart);
    socket.destroy();
  }
}

/** Watches the counter that bitcoind sends last in each message (32 bits, little-endian). */
function lossCounter({ endpoint, log, listener }: ZmtpSubscriberOptions): (lastFrame: Buffer) => void {
  let expected: number | undefined;
  return (lastFrame) => {
    if (lastFrame.length !== 4) return;
    const counter = lastFrame.readUInt32LE();
    if (expected !== undefined && counter !== expected) {
      log.info(`ZMQ ${endpoint.text}: messages were lost before number ${counter}`);
      listener?.lost();
    }
    expected = (counter + 1) >>> 0;
  };
}
