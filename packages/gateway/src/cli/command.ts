/** What a command is, and what it needs of the world; the process hands in the real one. */
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/settings.ts';
import type { GatewayKeys } from '../security/key-file.ts';
import type { Examined } from '../services/examine.ts';
import type { AnsweredRate } from '../rates/answered-rate.ts';
import type { Store } from '../store/ports.ts';

export interface CliWorld {
  /** The words behind `webpos`. */
  readonly arguments: readonly string[];
  readonly environment: Environment;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Opens what is stored. */
  readonly openBase: (config: Config) => Promise<{ readonly store: Store; readonly keys: GatewayKeys }>;
  /** Asks every source of rates that the settings name, once. */
  readonly askRates: (config: Config, currency: string) => Promise<readonly AnsweredRate[]>;
  /** Opens all that a gateway needs, without serving. */
  readonly openExamined: (config: Config) => Promise<Examined & { close(): Promise<void> }>;
  readonly startGateway: (config: Config) => Promise<ServingGateway>;
  /** Settles with the signal's name when the process is asked to stop. */
  readonly stopRequested: () => Promise<string>;
  /** Calls back whenever the process is asked to look at its files again. */
  readonly onReload?: (reload: () => void) => void;
}

export interface ServingGateway {
  readonly url: string;
  reload(): void;
  stop(): Promise<void>;
}

/** @param words What follows the command's own name. */
export type Command = (world: CliWorld, config: Config, words: readonly string[]) => Promise<void>;
