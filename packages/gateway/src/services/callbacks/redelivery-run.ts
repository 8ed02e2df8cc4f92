/** A redelivery as it is stored: what it redelivers, and how far it is. */
import { epochMs, type EpochMs } from '../../kernel/clock.ts';
import type { CallbackId, PosId } from '../../kernel/ids.ts';
import type { StoredWork } from '../../store/ports/shared/work-store.ts';
import { NOTHING_REDELIVERED, type FailedSince, type ManyRedelivered, type RedeliveryPlace } from './redeliver-failed.ts';

export interface RedeliveryState extends ManyRedelivered {
  readonly state: 'running' | 'done' | 'failed';
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs | undefined;
  /** Why it has failed. */
  readonly error: string | undefined;
}

export interface RedeliveryRun extends RedeliveryState, RedeliveryPlace {
  readonly which: FailedSince;
}

export function newRun(which: FailedSince, startedAt: EpochMs): RedeliveryRun {
  return { ...NOTHING_REDELIVERED, which, state: 'running', startedAt, endedAt: undefined, error: undefined, after: undefined };
}

export function stateOfRun({ due, busy, damaged, state, startedAt, endedAt, error }: RedeliveryRun): RedeliveryState {
  return { due, busy, damaged, state, startedAt, endedAt, error };
}

interface RunJson {
  readonly ended_since: number;
  readonly pos?: string;
  readonly endpoint?: string;
  readonly state: RedeliveryState['state'];
  readonly started_at: number;
  readonly ended_at?: number;
  readonly error?: string;
  readonly after?: string;
  readonly due: number;
  readonly busy: number;
  readonly damaged: number;
}

export function runText({ which, startedAt, endedAt, ...run }: RedeliveryRun): string {
  const json: RunJson = {
    ended_since: which.endedSince,
    ...(which.posId !== undefined && { pos: which.posId }),
    ...(which.endpoint !== undefined && { endpoint: which.endpoint }),
    state: run.state,
    started_at: startedAt,
    ...(endedAt !== undefined && { ended_at: endedAt }),
    ...(run.error !== undefined && { error: run.error }),
    ...(run.after !== undefined && { after: run.after }),
    due: run.due,
    busy: run.busy,
    damaged: run.damaged,
  };
  return JSON.stringify(json);
}

/** Reads what {@link runText} has written. */
export function runFrom({ progress }: StoredWork): RedeliveryRun {
  const {
    ended_since: endedSince,
    pos,
    endpoint,
    started_at: startedAt,
    ended_at: endedAt,
    ...json
  } = JSON.parse(progress) as RunJson;
  return {
    which: { endedSince: epochMs(endedSince), posId: pos as PosId | undefined, endpoint },
    state: json.state,
    startedAt: epochMs(startedAt),
    endedAt: endedAt === undefined ? undefined : epochMs(endedAt),
    error: json.error,
    after: json.after as CallbackId | undefined,
    due: json.due,
    busy: json.busy,
    damaged: json.damaged,
  };
}
