import type { FailedRead, FeedEvent } from '@webpos/sdk/events';
import type { Outcome } from './forward.ts';

/** What the user reads: a line on standard output for each forwarded event, and messages on standard error. */
export interface Report {
  listening(to: string): void;
  triggered(event: string, uuid: string): void;
  forwarded(event: FeedEvent, outcome: Outcome, attempts: number): void;
  receiverUnavailable(outcome: Outcome, to: string): void;
  gatewayUnavailable(failed: FailedRead): void;
  stopped(cursor: string | undefined): void;
}

export interface Output {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly now: () => number;
}

/** @param json Whether everything is printed as JSON objects on standard output, one per line. */
export function createReport({ out, err, now }: Output, json: boolean): Report {
  const time = (): string => new Date(now()).toISOString();
  const report = (type: string, fields: object, text: string): void => {
    if (json) out(JSON.stringify({ type, time: time(), ...fields }));
    else err(inOneLine(text));
  };
  let forwarded = 0;
  return {
    listening: (to) => report('listening', { to }, `Forwarding events to ${to}. Press Ctrl-C to stop.`),
    triggered: (event, uuid) => report('triggered', { event, order: uuid }, `Triggered ${event} for the new order ${uuid}.`),
    forwarded: ({ id, cursor, callback }, outcome, attempts) => {
      forwarded += 1;
      const { event, object } = callback;
      const status = outcome.kind === 'answered' ? outcome.status : null;
      const { durationMs } = outcome;
      if (json) {
        out(
          JSON.stringify({
            type: 'event',
            time: time(),
            event,
            order: object.uuid,
            id,
            cursor,
            status,
            duration_ms: durationMs,
            attempts,
          }),
        );
        return;
      }
      const result = status ?? 'no answer';
      out(inOneLine(`${time()}  ${event.padEnd(21)}  ${object.uuid}  ${result}  ${durationMs} ms`));
    },
    receiverUnavailable: (outcome, to) => {
      const error = outcome.kind === 'answered' ? `answered ${outcome.status}` : outcome.error;
      report('receiver_unavailable', { error }, `${to}: ${error}. Retrying until it accepts the event.`);
    },
    gatewayUnavailable: ({ error, retryInMs }) => {
      const fields = { error: error.name, retry_in_ms: retryInMs };
      report(
        'gateway_unavailable',
        fields,
        `The gateway does not answer (${error.name}). Retrying in ${Math.ceil(retryInMs / 1000)} s.`,
      );
    },
    stopped: (cursor) => {
      const next = cursor === undefined ? '' : ` Resume from here with --after ${cursor}`;
      report('stopped', { forwarded, cursor: cursor ?? null }, `Stopped after ${forwarded} events.${next}`);
    },
  };
}

/** Escapes control characters, so that what a server sends cannot control the terminal. */
function inOneLine(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
