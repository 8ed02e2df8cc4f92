/** What a command is, and what it needs from the outside world; the process passes in the real one, tests another. */
import type { CommandHelp } from '@webpos/listen/help';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/settings.ts';
import type { CallbackSender } from '../callbacks/attempt.ts';
import type { GatewayKeys } from '../security/key-file.ts';
import type { Examined } from '../services/operator/examine.ts';
import type { AnsweredRate } from '../rates/answered-rate.ts';
import type { SealGuard } from '../services/seals/seal-guard.ts';
import type { MarksFile } from '../store/marks.ts';
import type { Store } from '../store/ports/store.ts';
import type { AccountWallet } from '../wallet/account-wallet.ts';
import type { Operator } from './operator.ts';

/** A command of `webpos`, with its help. */
export interface Command extends CommandHelp {
  /**
   * Runs the command.
   *
   * @param words The words after its name.
   * @throws UsageError for wrong options, ConfigError for wrong settings, OperatorError when something is refused.
   */
  readonly run: (world: CliWorld, words: readonly string[]) => Promise<void>;
}

export interface CliWorld {
  /** The words after `webpos`. */
  readonly arguments: readonly string[];
  readonly environment: Environment;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Opens the database, the key file and the marks file. Creates a missing database only with `create`. */
  readonly openBase: (config: Config, options?: { readonly create?: boolean }) => Promise<CliBase>;
  /** Asks every rate source of the settings once. */
  readonly askRates: (config: Config, currency: string) => Promise<readonly AnsweredRate[]>;
  /** Opens everything that a gateway needs, without serving. */
  readonly openExamined: (config: Config) => Promise<Examined & { close(): Promise<void> }>;
  /** Returns a scanner that asks the node for payments to a wallet; undefined if there is no node. */
  readonly scanWallet: (config: Config) => WalletScanner | undefined;
  /** Opens connections for callbacks, restricted as the settings say. */
  readonly openCallbackSender: (config: Config) => CallbackSender;
  /** Asks a question on the terminal; undefined without one. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  readonly operator: Operator;
  /** Leaves the processor to others from now on, such as a gateway that serves meanwhile. */
  readonly lowerPriority?: () => void;
  readonly startGateway: (config: Config) => Promise<ServingGateway>;
  /** Resolves to the signal's name when the process is asked to stop. */
  readonly stopRequested: () => Promise<string>;
  /** Calls back when the process is asked to stop during a command that can end cleanly. */
  readonly onInterrupt?: (stop: () => void) => void;
  /** Calls back whenever the process is asked to reload its files. */
  readonly onReload?: (reload: () => void) => void;
}

/** What a gateway stores. */
export interface CliBase {
  readonly store: Store;
  /** Reads the key file, or creates it while there is no POS. @throws OperatorError when it is missing or belongs to another database. */
  readonly keys: () => Promise<GatewayKeys>;
  /** Verifies the addresses that a command shows. Never creates the key file. @throws OperatorError as `keys`. */
  readonly guard: () => Promise<SealGuard>;
  /** As `guard`, but returns undefined without a key file. */
  readonly guardIfAny: () => Promise<SealGuard | undefined>;
  readonly marks: MarksFile;
}

/**
 * Returns the highest index at or above `from` that the node knows to have been paid; undefined without one.
 *
 * @throws OperatorError when the node cannot be asked; the signal's reason when it aborts.
 */
export type WalletScanner = (
  wallet: AccountWallet,
  from: number,
  options: {
    readonly signal: AbortSignal;
    /** Reports the progress of the scan; `isOthers` while another scan of the node has to finish first. */
    readonly progress: (progress: { readonly percent: number; readonly isOthers: boolean }) => void;
  },
) => Promise<number | undefined>;

export interface ServingGateway {
  readonly url: string;
  /** Resolves to the reason when another gateway has taken over the database. */
  readonly lost: Promise<string>;
  reload(): void;
  /** Stops the gateway, and returns the names of the parts that failed to stop. */
  stop(): Promise<readonly string[]>;
}
