/** Stores that an endpoint begins or ceases to fail, with the notice of it: once, whichever process finds it first. */
import type { FailingEndpoint } from '../../callbacks/endpoint.ts';
import { queueKey, type QueueId } from '../../callbacks/queue-key.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { Store } from '../../store/ports/store.ts';

interface EndpointChange {
  readonly queue: QueueId;
  /** Undefined if it works again. */
  readonly failing: FailingEndpoint | undefined;
  readonly since: EpochMs;
  readonly at: EpochMs;
}

export async function recordEndpoint(
  store: Pick<Store, 'transaction'>,
  { queue, failing, since, at }: EndpointChange,
): Promise<void> {
  const { posId, endpoint } = queue;
  const state = failing === undefined ? 'recovered' : 'failing';
  await store.transaction(async ({ endpoints, notices }) => {
    const wasFailing = (await endpoints.failing()).some((one) => queueKey(one) === queueKey(queue));
    await (failing === undefined ? endpoints.recordSuccess(queue) : endpoints.recordFailure(failing));
    if (wasFailing === (failing !== undefined)) return;
    const error = failing?.lastError ?? null;
    const notice = { id: `endpoint ${posId} ${endpoint} ${state} ${at}`, at, posId, personId: null };
    await notices.add([{ ...notice, facts: { kind: 'endpoint.failing', state, endpoint, since, error } }]);
  });
}
