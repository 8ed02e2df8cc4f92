import type { PanelFrame } from '../frame/panel-frame.ts';

export interface WalletsView extends PanelFrame {
  accounts: readonly WalletRow[];
  /** Why the form was refused; null: it was not sent, or was accepted. */
  fault: WalletFault | null;
  isAdded: boolean;
  /** What was entered. */
  entered: Readonly<Record<'name' | 'key' | 'first_index', string>>;
}

export interface WalletFault {
  field: 'name' | 'key' | 'first_index';
  why: WalletFaultReason;
  /** What exactly is wrong, in English; null if the reason says all. */
  detail: string | null;
  /** The highest number that is accepted, or the longest name. */
  max: number | null;
}

export type WalletFaultReason =
  | 'private_key'
  | 'syntax'
  | 'checksum'
  | 'extended_key'
  | 'not_account_key'
  | 'network'
  | 'path'
  | 'unsupported'
  | 'unusual_path'
  | 'known'
  | 'name'
  | 'first_index'
  | 'other';

export interface WalletRow {
  uuid: string;
  name: string;
  nextIndex: number;
  unused: number;
  isSound: boolean;
  pos: readonly string[];
}

export interface CompareView extends PanelFrame {
  name: string;
  addresses: readonly string[];
  /** Hidden fields that carry what was shown to the next step. */
  carried: Readonly<Record<string, string>>;
}

export interface SecretsView extends PanelFrame {
  pos: readonly { uuid: string; name: string; /** When a rotation ends; null without one. */ rotationEndsAt: string | null }[];
  isDone: boolean;
  fault: string | null;
}

export interface NewSecretView extends PanelFrame {
  name: string;
  secret: string;
  webhookSecret: string;
  endsAt: string;
}
