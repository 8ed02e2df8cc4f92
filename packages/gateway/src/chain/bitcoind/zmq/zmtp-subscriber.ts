/**
 * Listens to one topic of a ZeroMQ publisher until the signal is aborted. Reconnects with backoff, and drops a silent socket,
 * because a dead one looks just like a quiet one. Each message wakes, and so does each new connection. A listener that reads the
 * messages is also notified whenever some may be missing.
 */
import { errorMessage } from '../../../kernel/error-message.ts';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { failureText } from '../../../kernel/failure-bursts.ts';
import type { NodeLog } from '../node-log.ts';
import type { ZmtpEndpoint } from './zmtp-endpoint.ts';
import { createZmtpReader, GREETING, PING, READY, subscription } from './zmtp-frames.ts';

export interface ZmtpSubscriberOptions {
  readonly endpoint: ZmtpEndpoint;
  readonly topic: string;
  readonly wake: () => void;
  /** Notified before `wake` is called. */
  readonly listener?: ZmtpListener;
  readonly signal: AbortSignal;
  readonly log: NodeLog;
  /** A socket that has received nothing for this long, despite pings, is dropped. Default 60 s. */
  readonly idleMs?: number;
  /** Default 64 KiB; a message of bitcoind's `sequence` has 41 bytes. */
  readonly maxFrameBytes?: number;
  /** The first delay before reconnecting; doubles up to 30 s. Default 250 ms. */
  readonly retryMs?: number;
}

export interface ZmtpListener {
  /** Messages arrive from now on. */
  connected(): void;
  /** The body of a message. */
  message(body: Buffer): void;
  /** Messages were lost. */
  lost(): void;
  /** No messages arrive until the next connection. */
  disconnected(): void;
}

/** Topic, body and counter; further parts are discarded. */
const MAX_PARTS = 3;
const MAX_PAUSE_MS = 30_000;

/** Subscribes until the signal is aborted, then resolves. Never rejects. */
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
    const why = await listen(options, onReady).catch((error: unknown) => errorMessage(error));
    if (signal.aborted) return;
    options.listener?.disconnected();
    if (failures === 0) log.warn(`ZMQ ${endpoint.text}: ${why}; reconnecting; polling continues`);
    await sleep(Math.min(retryMs * 2 ** failures, MAX_PAUSE_MS), undefined, { signal }).catch(() => undefined);
    failures += 1;
  }
}

/** Connects once, and waits for the publisher to be ready for a subscription. @returns what went wrong, or undefined. */
export async function probeZmtp(
  options: Pick<ZmtpSubscriberOptions, 'endpoint' | 'topic' | 'signal' | 'log'> & { readonly timeoutMs?: number },
): Promise<string | undefined> {
  const { signal, timeoutMs = 5_000 } = options;
  const ready = new AbortController();
  const deadline = AbortSignal.timeout(timeoutMs);
  const until = AbortSignal.any([signal, ready.signal, deadline]);
  const why = await listen({ ...options, wake: () => undefined, signal: until }, () => ready.abort()).catch(failureText);
  signal.throwIfAborted();
  if (ready.signal.aborted) return undefined;
  return deadline.aborted ? `no publisher has answered within ${timeoutMs / 1_000} s` : why;
}

/** Serves one connection until it ends. Returns why it ended. */
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
    if (silentPings++ >= 3) socket.destroy(new Error(`nothing received for ${idleMs} ms`));
    else if (ready) socket.write(PING);
  }, idleMs / 3);
  try {
    socket.write(GREETING);
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      silentPings = 0;
      if (!introduced) socket.write(READY); // after the first bytes of the peer's greeting
      introduced = true;
      for (const { isCommand, more, body } of reader.push(chunk)) {
        if (isCommand && !ready && body.toString('latin1', 0, 6) === '\x05READY') {
          ready = true;
          socket.write(subscription(topic));
          onReady();
        } else if (!isCommand) {
          if (parts.length < MAX_PARTS) parts.push(body);
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

/** Checks the counter that bitcoind sends last in each message (32 bits, little-endian). */
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
