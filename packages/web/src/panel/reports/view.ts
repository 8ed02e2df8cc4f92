import type { PanelFrame } from '../frame/panel-frame.ts';

export interface ReportsView extends PanelFrame {
  /** The fields of the form as they were sent, or their defaults. */
  fields: Readonly<Record<string, string>>;
  /** What is wrong, by field: a `ReportFault` of the gateway, or `day`. */
  faults: Readonly<Record<string, string>>;
  pos: readonly NamedChoice[];
  merchants: readonly NamedChoice[];
  /** The time zone whose days the report has; null if there is no such report. */
  timeZone: string | null;
  /** Null until they are asked for. */
  totals: readonly ReportsTotal[] | 'too_many' | null;
}

export interface NamedChoice {
  uuid: string;
  name: string;
}

export interface ReportsTotal {
  currency: string;
  rows: number;
  /** In bitcoin. */
  received: string;
  atOrderRate: string;
  atPayment: string | null;
  withoutRate: number | null;
}
