/** The commands of `webpos`, and what is the same for all of them: settings, errors in plain words, exit status. */
import type { Base, Gateway } from '../app.ts';
import type { Config } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import { ConfigError, type Environment } from '../config/settings.ts';
import { SourceUnavailableError, WrongChainError } from '../chain/source.ts';
import { ListenError } from '../ops/listen.ts';
import { AccountExistsError } from '../services/create-account.ts';
import { AccountMissingError } from '../services/create-pos.ts';
import { WalletError } from '../wallet/wallet-error.ts';
import { accountCreate } from './account-create.ts';
import { posCreate } from './pos-create.ts';
import { serve } from './serve.ts';
import { UsageError } from './usage-error.ts';

/** What the commands need of the world; the process hands in the real one. */
export interface CliWorld {
  readonly arguments: readonly string[];
  readonly environment: Environment;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly openBase: (config: Config) => Promise<Base>;
  readonly startGateway: (config: Config) => Promise<Gateway>;
  /** Settles with the signal's name when the process is asked to stop. */
  readonly stopRequested: () => Promise<string>;
}

export type Command = (world: CliWorld, config: Config, words: readonly string[]) => Promise<void>;

const COMMANDS: Readonly<Record<string, Command>> = {
  serve,
  'account create': accountCreate,
  'pos create': posCreate,
};

export const USAGE = `webpos: take bitcoin payments with no one in between

  webpos serve [--json]
      serve the API, watch the chain, send callbacks
  webpos account create --name NAME (--descriptor D | --xpub X) [--json]
      register a wallet by its public key; never a private key
  webpos pos create --name NAME --account UUID --currency EUR [--callback-url U] [--continue-url U] [--cancel-url U]
             [--required-confirmations N] [--type web|mobile] [--json]
      make a point of sale; its secret is shown once

Settings are environment variables that begin with WEBPOS_: see docs/settings.md.`;

/** Exit status: 0 done, 1 refused or failed for a reason that the message names, 2 wrong usage. */
export async function runCli(world: CliWorld): Promise<number> {
  const { command, words } = findCommand(world.arguments);
  if (command === undefined) {
    const helpWanted =
      world.arguments.length === 0 || world.arguments.some((word) => word === '--help' || word === '-h' || word === 'help');
    if (helpWanted) {
      world.out(USAGE);
      return 0;
    }
    world.err(`webpos: there is no command ${JSON.stringify(world.arguments.slice(0, 2).join(' '))}\n\n${USAGE}`);
    return 2;
  }
  try {
    await command(world, readConfig(world.environment), words);
    return 0;
  } catch (error) {
    world.err(`webpos: ${explain(error)}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function findCommand(words: readonly string[]): { command: Command | undefined; words: readonly string[] } {
  for (const length of [2, 1]) {
    const command = COMMANDS[words.slice(0, length).join(' ')];
    if (command !== undefined) return { command, words: words.slice(length) };
  }
  return { command: undefined, words };
}

/** Errors that the user can mend are told by their message alone; the rest with where they came from. */
function explain(error: unknown): string {
  const mendable = [
    UsageError,
    ConfigError,
    WalletError,
    AccountExistsError,
    AccountMissingError,
    WrongChainError,
    SourceUnavailableError,
    ListenError,
  ];
  if (mendable.some((kind) => error instanceof kind)) return (error as Error).message;
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `\n  because: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
