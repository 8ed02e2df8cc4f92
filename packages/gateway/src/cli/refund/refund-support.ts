/** What the commands about refunds have in common. */
import { randomUUID } from 'node:crypto';
import type { Config } from '../../config/config.ts';
import { outPointKey } from '../../kernel/chain.ts';
import { isoDate, systemClock } from '../../kernel/clock.ts';
import type { RefundId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { orderedUuid } from '../../kernel/ordered-uuid.ts';
import { OPERATOR } from '../../people/viewer.ts';
import { refundJson } from '../../contract/refund-json.ts';
import type { Actor } from '../../people/actor.ts';
import { readRefund, type ShownRefund } from '../../services/refunds/read-refund.ts';
import type { RefundContext } from '../../services/refunds/refund-context.ts';
import type { CliBase } from '../command.ts';

export const COMMAND: Actor = { kind: 'command' };

/** A command has no exchange rates. */
export async function refundContext({ store, keys, guard }: CliBase, { network }: Config): Promise<RefundContext> {
  return {
    store,
    keys: await keys(),
    guard: await guard(),
    clock: systemClock,
    newUuid: () => orderedUuid(systemClock.now(), randomUUID()),
    network,
    rates: { rate: () => undefined },
    // A running gateway notices the change itself.
    ordersChanged: () => undefined,
  };
}

export async function findRefund({ store, guard }: Pick<CliBase, 'store' | 'guard'>, id: RefundId): Promise<ShownRefund> {
  const found = await readRefund({ store, guard: await guard() }, OPERATOR, id);
  if (found === undefined) throw new OperatorError(`no refund with id ${id}`);
  return found;
}

export function shownRefundLines({ refund, refundable, payouts, isPayable }: ShownRefund): Record<string, unknown> {
  return {
    ...refundJson(refund),
    ...(isPayable ? {} : { uri: null }),
    received: `${refundable.received} satoshi`,
    committed: `${refundable.committed} satoshi`,
    left: `${refundable.left} satoshi`,
    suggested: `${refundable.suggested} satoshi`,
    payouts:
      payouts.length === 0
        ? 'none seen'
        : payouts
            .map(({ outPoint, refundId, firstSeenAt }) =>
              [outPointKey(outPoint), refundId === null ? 'not linked' : 'linked', isoDate(firstSeenAt)].join(' '),
            )
            .join(', '),
  };
}
