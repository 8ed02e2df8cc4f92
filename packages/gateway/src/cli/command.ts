/** What a command is, and what it needs of the world; the process hands in the real one. */
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/settings.ts';
import type { CallbackSender } from '../callbacks/attempt.ts';
import type { GatewayKeys } from '../security/key-file.ts';
import type { Examined } from '../services/operator/examine.ts';
import type { AnsweredRate } from '../rates/answered-rate.ts';
import type { MarksFile } from '../store/marks.ts';
import type { Store } from '../store/ports/store.ts';
import type { AccountWallet } from '../wallet/account-wallet.ts';
import type { Operator } from './operator.ts';

export interface CliWorld {
  /** The words behind `webpos`. */
  readonly arguments: readonly string[];
  readonly environment: Environment;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Opens what is stored; makes a database where none exists only if that is asked for. */
  readonly openBase: (config: Config, options?: { readonly create?: boolean }) => Promise<CliBase>;
  /** Asks every source of rates that the settings name, once. */
  readonly askRates: (config: Config, currency: string) => Promise<readonly AnsweredRate[]>;
  /** Opens all that a gateway needs, without serving. */
  readonly openExamined: (config: Config) => Promise<Examined & { close(): Promise<void> }>;
  /** Asks the node of the settings which addresses of a wallet hold bitcoin; undefined where there is no node to ask. */
  readonly scanWallet: (config: Config) => WalletScanner | undefined;
  /** Connections for callbacks, guarded as the settings say. */
  readonly openCallbackSender: (config: Config) => CallbackSender;
  readonly operator: Operator;
  readonly startGateway: (config: Config) => Promise<ServingGateway>;
  /** Settles with the signal's name when the process is asked to stop. */
  readonly stopRequested: () => Promise<string>;
  /** Calls back when the process is asked to stop while a command runs that can be ended in order. */
  readonly onInterrupt?: (stop: () => void) => void;
  /** Calls back whenever the process is asked to look at its files again. */
  readonly onReload?: (reload: () => void) => void;
}

/** What is stored. */
export interface CliBase {
  readonly store: Store;
  /** The keys of the key file. @throws OperatorError when it is missing, or that of another database. */
  readonly keys: () => Promise<GatewayKeys>;
  readonly marks: MarksFile;
}

/**
 * The highest index, `from` or above, that the node knows to be paid.
 *
 * @throws OperatorError when the node cannot be asked; the signal's reason.
 */
export type WalletScanner = (
  wallet: AccountWallet,
  from: number,
  options: {
    readonly signal: AbortSignal;
    readonly progress: (progress: { readonly percent: number; readonly isOthers: boolean }) => void;
  },
) => Promise<number | undefined>;

export interface ServingGateway {
  readonly url: string;
  readonly lost: Promise<string>;
  reload(): void;
  /** @returns the names of the parts that failed to stop. */
  stop(): Promise<readonly string[]>;
}

/** @param words What follows the command's own name. */
export type Command = (world: CliWorld, config: Config, words: readonly string[]) => Promise<void>;
