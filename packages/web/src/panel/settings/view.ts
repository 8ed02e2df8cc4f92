import type { PanelFrame } from '../frame/panel-frame.ts';

export interface SettingsView extends PanelFrame {
  mayCreate: boolean;
  mayCreatePos: boolean;
  merchants: readonly { uuid: string; name: string; timeZone: string }[];
  pos: readonly SettingsPos[];
}

export interface SettingsPos {
  uuid: string;
  name: string;
  currency: string;
  active: boolean;
  /** The name of its business. */
  merchant: string | null;
  /** The rate of new orders; null if none is known. */
  rate: string | null;
}

export interface MerchantPageView extends PanelFrame {
  /** Null for a new business. */
  uuid: string | null;
  fields: Readonly<Record<string, string>>;
  /** The names of the fields that were refused. */
  faults: readonly string[];
  isSaved: boolean;
}

export interface NewPosView extends PanelFrame {
  fields: Readonly<Record<string, string>>;
  faults: readonly string[];
  /** Only authentic ones. */
  accounts: readonly { uuid: string; name: string }[];
  merchants: readonly { uuid: string; name: string }[];
}

/** A point of sale that was just created, with what is shown only once. */
export interface CreatedPosView extends PanelFrame {
  uuid: string;
  name: string;
  clientId: string;
  secret: string;
  webhookSecret: string;
}

export interface PosPageView extends PanelFrame {
  uuid: string;
  name: string;
  isActive: boolean;
  mayManage: boolean;
  fields: Readonly<Record<string, string>>;
  /** The fields as the page showed them first, as JSON. */
  before: string;
  faults: readonly string[];
  note: PosNote | null;
  merchants: readonly { uuid: string; name: string }[];
  providers: readonly string[];
  rate: { value: string; currency: string; source: string } | null;
  /** The path of the image. */
  logo: string | null;
}

export type PosNote =
  | { kind: 'saved' }
  | { kind: 'no_url' }
  | { kind: 'test'; url: string; status: number | null; durationMs: number; error: string | null };
