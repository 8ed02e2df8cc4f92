import type { FailedRead, FeedEvent } from '@webpos/sdk/events';
import type { Outcome } from './forward.ts';

/** What the user reads. Forwarded events go to the output, a line each; what is waited for, for people, beside it. */
export interface Report {
  listening(from: string): void;
  triggered(event: string, uuid: string): void;
  forwarded(event: FeedEvent, outcome: Outcome, attempts: number): void;
  receiverAway(outcome: Outcome, to: string): void;
  gatewayAway(failed: FailedRead): void;
  stopped(cursor: string | undefined): void;
}

export interface Output {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly now: () => number;
}

/** @param json whether each line is to be an object, for programs. */
export function createReport({ out, err, now }: Output, json: boolean): Report {
  const time = (): string => new Date(now()).toISOString();
  const report = (type: string, fields: object, text: string): void => {
    if (json) out(JSON.stringify({ type, time: time(), ...fields }));
    else err(inOneLine(text));
  };
  let forwarded = 0;
  return {
    listening: (from) => report('listening', { to: from }, `Listening. Events are forwarded to ${from}; stop with Ctrl-C.`),
    triggered: (event, uuid) => report('triggered', { event, order: uuid }, `Triggered ${event} of the new order ${uuid}.`),
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
    receiverAway: (outcome, to) => {
      const error = outcome.kind === 'answered' ? `answered ${outcome.status}` : outcome.error;
      report('receiver_away', { error }, `${to}: ${error}. Trying again until it takes the event.`);
    },
    gatewayAway: ({ error, retryInMs }) => {
      const fields = { error: error.name, retry_in_ms: retryInMs };
      report(
        'gateway_away',
        fields,
        `The gateway does not answer (${error.name}). Trying again in ${Math.ceil(retryInMs / 1000)} s.`,
      );
    },
    stopped: (cursor) => {
      const next = cursor === undefined ? '' : ` Go on from here with --after ${cursor}`;
      report('stopped', { forwarded, cursor: cursor ?? null }, `Stopped after ${forwarded} events.${next}`);
    },
  };
}

/** What a server has sent must not steer the terminal. */
function inOneLine(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
