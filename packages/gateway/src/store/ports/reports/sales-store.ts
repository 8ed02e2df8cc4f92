import type { CallbackEvent } from '@webpos/sdk/wire';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { OrderId, PosId } from '../../../kernel/ids.ts';
import type { Sats } from '../../../kernel/sats.ts';
import type { FiatAmount } from '../../../orders/fiat.ts';

/** Reads the log of events, by which sales are summed. */
export interface SalesStore {
  /** Returns the events of all POS that were stored with a time in a period, the oldest first. */
  events(page: SalesPage): Promise<SalesEvent[]>;
}

/** The place of an event in the log. */
export interface SalesPlace {
  readonly at: EpochMs;
  readonly orderId: OrderId;
  readonly sequence: number;
}

export interface SalesPage {
  readonly from: EpochMs;
  /** Excluded. */
  readonly until: EpochMs;
  /** The last event of the page before; undefined for the first page. */
  readonly after: SalesPlace | undefined;
  readonly limit: number;
}

export interface SalesEvent extends SalesPlace {
  readonly posId: PosId;
  readonly event: CallbackEvent;
  readonly fiat: FiatAmount;
  readonly amount: Sats;
}
