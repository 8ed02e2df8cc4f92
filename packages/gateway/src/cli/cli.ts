/** The commands of `webpos`, and what is the same for all of them: settings, errors in plain words, exit status. */
import { readConfig } from '../config/read-config.ts';
import { nearest } from '../kernel/nearest.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { storeDownText } from '../services/store-down.ts';
import type { CliWorld } from './command.ts';
import { COMMANDS, type CommandEntry } from './commands.ts';
import { inLines } from './support/terminal-text.ts';
import { UsageError } from './support/usage-error.ts';
import { version } from './gateway/version.ts';

const SETTINGS = 'Settings are environment variables that begin with WEBPOS_: see docs/settings.md.';
const USAGE = `webpos: take bitcoin payments with no one in between

${[...COMMANDS].map(([name, { takes, does }]) => `  webpos ${name} ${takes}\n      ${does}`).join('\n')}

--help after a command says more of it, --json makes it print JSON, and --version prints the version.
${SETTINGS}`;

/** Exit status: 0 done, 1 refused or failed for a reason that the message names, 2 wrong usage. */
export async function runCli(given: CliWorld): Promise<number> {
  const world: CliWorld = {
    ...given,
    out: (text) => given.out(inLines(text)),
    err: (text) => given.err(inLines(text)),
  };
  const [word, ...rest] = world.arguments;
  const { name, command, words } = findCommand(word === '--version' ? ['version', ...rest] : world.arguments);
  if (world.arguments.length === 0 || world.arguments[0] === 'help' || world.arguments.some(asksForHelp)) {
    world.out(command === undefined ? USAGE : helpOf(name, command));
    return 0;
  }
  if (command === undefined) {
    const given = commandName(world.arguments);
    const meant = nearest(given, [...COMMANDS.keys()]);
    const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
    world.err(`webpos: unknown command ${JSON.stringify(given)}${hint}\n\n${USAGE}`);
    return 2;
  }
  try {
    // Anyone who asks which version this is may be mending the settings.
    if (name === 'version') version(world, words);
    else await command.run(world, readConfig(world.environment), words);
    return 0;
  } catch (error) {
    world.err(`webpos: ${explain(error)}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

interface Found {
  readonly name: string;
  readonly command: CommandEntry | undefined;
  readonly words: readonly string[];
}

function findCommand(words: readonly string[]): Found {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    const command = COMMANDS.get(name);
    if (command !== undefined) return { name, command, words: words.slice(length) };
  }
  return { name: '', command: undefined, words };
}

function helpOf(name: string, { takes, does, more }: CommandEntry): string {
  return `webpos ${name} ${takes}\n    ${does}\n${more === undefined ? '' : `\n${more}\n`}\n${SETTINGS}`;
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
  const down = storeDownText(error);
  if (down !== undefined) return down;
  const cause = error.cause instanceof Error ? `\n  because: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
