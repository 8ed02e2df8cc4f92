import type { Network } from '../../kernel/chain.ts';
import type { RateSource } from '../../rates/source.ts';
import type { AuditContext } from '../audit/audit-log.ts';
import type { OrderChangeContext } from '../context.ts';
import type { SealingContext } from '../seals/sealing-context.ts';

/** Requests and decides refunds. */
export interface RefundContext
  extends Pick<OrderChangeContext, 'store' | 'clock' | 'newUuid' | 'ordersChanged'>, AuditContext, SealingContext {
  readonly network: Network;
  readonly rates: RateSource;
}
