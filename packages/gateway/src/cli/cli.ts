/** Runs a command of `webpos`: finds it, prints help, and turns errors into plain messages and an exit status. */
import { formatHelp } from '@webpos/listen/help';
import { nearest } from '../kernel/nearest.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { storeDownText } from '../services/store-down.ts';
import type { CliWorld, Command } from './command.ts';
import { COMMANDS } from './commands.ts';
import { inLines } from './support/terminal-text.ts';
import { UsageError } from './support/usage-error.ts';

const SETTINGS = 'Settings are environment variables that begin with WEBPOS_: see docs/settings.md.';
const NAME_COLUMN = Math.max(...[...COMMANDS.keys()].map((name) => name.length)) + 2;
const OVERVIEW = `Usage: webpos COMMAND [options]

Take bitcoin payments with no one in between.

Commands:
${[...COMMANDS.values()].map(({ name, summary }) => `  ${name.padEnd(NAME_COLUMN)}${summary}`).join('\n')}

webpos COMMAND --help explains a command, --json makes it print JSON, and webpos --version prints the version.
${SETTINGS}`;

/** Returns the exit status: 0 for success, 1 when something is refused or fails, 2 for a wrong command or option. */
export async function runCli(given: CliWorld): Promise<number> {
  const world: CliWorld = {
    ...given,
    out: (text) => given.out(inLines(text)),
    err: (text) => given.err(inLines(text)),
  };
  const [first, ...rest] = world.arguments;
  const { command, words } = findCommand(first === '--version' ? ['version', ...rest] : world.arguments);
  if (first === undefined || first === 'help' || world.arguments.some(isHelpOption)) {
    world.out(command === undefined ? OVERVIEW : `${formatHelp(`webpos ${command.name}`, command)}\n\n${SETTINGS}`);
    return 0;
  }
  if (command === undefined) {
    world.err(`webpos: ${unknownCommand(world.arguments)}\n\n${OVERVIEW}`);
    return 2;
  }
  try {
    await command.run(world, words);
    return 0;
  } catch (error) {
    world.err(`webpos: ${explain(error)}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

interface FoundCommand {
  readonly command: Command | undefined;
  /** The words after its name. */
  readonly words: readonly string[];
}

function findCommand(words: readonly string[]): FoundCommand {
  for (const length of [2, 1]) {
    const command = COMMANDS.get(words.slice(0, length).join(' '));
    if (command !== undefined) return { command, words: words.slice(length) };
  }
  return { command: undefined, words };
}

function isHelpOption(word: string): boolean {
  return word === '--help' || word === '-h';
}

function unknownCommand(words: readonly string[]): string {
  const name = commandName(words);
  const meant = nearest(name, [...COMMANDS.keys()]);
  return `unknown command ${JSON.stringify(name)}${meant === undefined ? '' : ` (did you mean ${meant}?)`}`;
}

/** Returns the words that look like a command's name. Any other word may be a key, which must not be repeated. */
function commandName(words: readonly string[]): string {
  const end = words.findIndex((word) => !/^[a-z-]{1,20}$/.test(word) || word.startsWith('-'));
  return words.slice(0, Math.min(2, end === -1 ? words.length : end)).join(' ');
}

/** Errors that the user can fix consist of their message; other errors also name their cause. */
function explain(error: unknown): string {
  if (error instanceof OperatorError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const down = storeDownText(error);
  if (down !== undefined) return down;
  const cause = error.cause instanceof Error ? `\n  because: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
