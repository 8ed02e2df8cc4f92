/** What a command declares about itself, and the text that `--help` makes of it. `webpos-listen` and all commands of `webpos` share it. */

/** An option that is either given or not. */
export interface FlagHelp {
  /** What it does: an imperative phrase without a full stop. */
  readonly text: string;
}

/** An option with a value. */
export interface ValueHelp {
  /** The name of the value, such as `UUID`. */
  readonly value: string;
  /** What the value is for: a phrase without a full stop. */
  readonly text: string;
  /** The accepted values with their unit, such as `1 to 3650 days`. */
  readonly allowed: string;
  /** What applies if the option is missing; undefined if it is required, alone or as one of several. */
  readonly default?: string;
  /** Whether the option may be given several times. */
  readonly isRepeatable?: true;
}

export type OptionHelp = FlagHelp | ValueHelp;

/** The options of a command by their names, without `--json` and `--help`, which every command has. */
export type OptionTable = Readonly<Record<string, OptionHelp>>;

/** The one word without hyphens that a command takes. */
export interface ArgumentHelp {
  /** Its name in the help, such as `UUID`. */
  readonly name: string;
  readonly text: string;
  readonly isOptional?: true;
}

export interface CommandHelp {
  /** Such as `pos create`. */
  readonly name: string;
  /** What it does: one imperative line without a full stop. */
  readonly summary: string;
  /** Its argument and required options, such as `UUID --reason TEXT`; empty without any. */
  readonly usage: string;
  readonly argument?: ArgumentHelp;
  readonly options: OptionTable;
  /** Paragraphs about what else a user has to know. */
  readonly notes?: readonly string[];
  /** What follows its name in an example; empty for the name alone. */
  readonly example: string;
}

const COMMON_OPTIONS: OptionTable = { json: { text: 'print JSON' }, help: { text: 'show this help' } };
const MAX_COLUMNS = 100;

/**
 * Returns the help of a command in lines of at most 100 characters.
 *
 * @param call How the command is called, such as `webpos pos create`.
 */
export function formatHelp(call: string, { summary, usage, argument, options, notes = [], example }: CommandHelp): string {
  const optionRows = Object.entries({ ...options, ...COMMON_OPTIONS }).map(([name, option]): Row => [
    label(name, option),
    about(option),
  ]);
  const argumentRows: Row[] = argument === undefined ? [] : [[argument.name, argument.text]];
  const column = Math.max(...[...argumentRows, ...optionRows].map(([left]) => left.length)) + 4;
  const paragraphs = [
    `Usage: ${[call, usage, '[options]'].filter((part) => part !== '').join(' ')}`,
    ...[`${summary}.`, ...notes].map((text) => wrapped(text, MAX_COLUMNS).join('\n')),
    ...(argument === undefined ? [] : [`Argument:\n${table(argumentRows, column)}`]),
    `Options:\n${table(optionRows, column)}`,
    `Example:\n  ${`${call} ${example}`.trim()}`,
  ];
  return paragraphs.join('\n\n');
}

type Row = readonly [left: string, right: string];

function label(name: string, option: OptionHelp): string {
  return 'value' in option ? `--${name} ${option.value}` : `--${name}`;
}

function about(option: OptionHelp): string {
  if (!('value' in option)) return option.text;
  const facts = [option.allowed];
  if (option.default !== undefined) facts.push(`default: ${option.default}`);
  if (option.isRepeatable === true) facts.push('may be repeated');
  return `${option.text} (${facts.join('; ')})`;
}

function table(rows: readonly Row[], column: number): string {
  return rows
    .map(([left, right]) => {
      const [first = '', ...more] = wrapped(right, MAX_COLUMNS - column);
      return [`  ${left}`.padEnd(column) + first, ...more.map((line) => ' '.repeat(column) + line)].join('\n');
    })
    .join('\n');
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
