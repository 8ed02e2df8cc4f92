/** The commands of `webpos`, and what is the same for all of them: settings, errors in plain words, exit status. */
import { readConfig } from '../config/read-config.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { accountCreate } from './account-create.ts';
import type { CliWorld, Command } from './command.ts';
import { posCreate } from './pos-create.ts';
import { rates } from './rates.ts';
import { serve } from './serve.ts';
import { UsageError } from './usage-error.ts';

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['serve', serve],
  ['account create', accountCreate],
  ['pos create', posCreate],
  ['rates', rates],
]);

const USAGE = `webpos: take bitcoin payments with no one in between

  webpos serve [--json]
      serve the API, watch the chain, send callbacks
  webpos account create --name NAME (--descriptor D | --xpub X) [--json]
      register a wallet by its public key; never a private key
  webpos pos create --name NAME --account UUID --currency EUR [--callback-url U] [--continue-url U] [--cancel-url U]
             [--required-confirmations N] [--type web|mobile] [--rates default|NAME] [--spread PERCENT] [--json]
      make a point of sale; its secret is shown once
  webpos rates [--currency EUR] [--json]
      ask every source of rates once, and show what comes of it

Settings are environment variables that begin with WEBPOS_: see docs/settings.md.`;

/** Exit status: 0 done, 1 refused or failed for a reason that the message names, 2 wrong usage. */
export async function runCli(world: CliWorld): Promise<number> {
  if (world.arguments.length === 0 || world.arguments[0] === 'help' || world.arguments.some(asksForHelp)) {
    world.out(USAGE);
    return 0;
  }
  const { command, words } = findCommand(world.arguments);
  if (command === undefined) {
    world.err(`webpos: there is no command ${JSON.stringify(commandName(world.arguments))}\n\n${USAGE}`);
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
    const command = COMMANDS.get(words.slice(0, length).join(' '));
    if (command !== undefined) return { command, words: words.slice(length) };
  }
  return { command: undefined, words };
}

function asksForHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

/** The words that were meant as a command, as far as they look like one: any other may be a key that is not to be repeated. */
function commandName(words: readonly string[]): string {
  const end = words.findIndex((word) => !/^[a-z-]{1,20}$/.test(word) || word.startsWith('-'));
  return words.slice(0, Math.min(2, end === -1 ? words.length : end)).join(' ');
}

/** Errors that the user can mend are told by their message alone; the rest with where they came from. */
function explain(error: unknown): string {
  if (error instanceof OperatorError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `\n  because: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
