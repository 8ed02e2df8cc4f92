/** What the start page shows. */
import type { PanelFrame } from '../frame/panel-frame.ts';

export interface SalesView {
  orders: number;
  /** A decimal string, which may be below 0. */
  fiat: string;
  bitcoin: string;
}

export interface PosSalesView {
  posName: string;
  currency: string;
  /** The IANA name of the time zone of its days. */
  timeZone: string;
  today: SalesView;
  /** Null for viewers who see today only. */
  period: SalesView | null;
}

/** A number that was counted up to a bound. */
export interface CountView {
  count: number;
  hasMore: boolean;
}

export interface HealthView {
  node: { isReady: boolean; height: number | null; trouble: string | null };
  rates: readonly { currency: string; value: string | null; at: string | null }[];
  failingEndpoints: number;
}

export interface DashboardView extends PanelFrame {
  sales: readonly PosSalesView[];
  /** False while the events of the last 30 days are being counted for the first time. */
  isComplete: boolean;
  attention: CountView;
  /** Null for viewers who see some POS only: these payments belong to none. */
  unassigned: CountView | null;
  /** Null for viewers who do not see the settings. */
  health: HealthView | null;
}
