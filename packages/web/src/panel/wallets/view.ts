import type { PanelFrame } from '../frame/panel-frame.ts';

export interface WalletsView extends PanelFrame {
  accounts: readonly WalletRow[];
  /** Why the form was refused; null: it was not sent, or was accepted. */
  fault: string | null;
  isAdded: boolean;
  /** What was entered. */
  entered: Readonly<Record<'name' | 'key' | 'first_index', string>>;
}

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
