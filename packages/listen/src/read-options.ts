import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CALLBACK_EVENTS, type CallbackEvent } from '@webpos/sdk/wire';
import type { ListenOption } from './help.ts';
import { TRIGGERS } from './trigger.ts';
import { UsageError } from './usage-error.ts';

/** Which feed to follow, and where to forward its events. */
export interface ListenOptions {
  readonly url: string;
  readonly mode: 'live' | 'sandbox';
  readonly clientId: string;
  readonly secret: SecretSource;
  readonly forwardTo: URL;
  /** The events to forward; undefined for all. */
  readonly events: ReadonlySet<string> | undefined;
  readonly trigger: { readonly event: CallbackEvent; readonly amount: string } | undefined;
  readonly start: StartPosition;
  readonly json: boolean;
}

export type SecretSource = { readonly kind: 'given'; readonly secret: string } | { readonly kind: 'stdin' };

/** Where in the feed to start. */
export type StartPosition =
  | { readonly kind: 'now' }
  | { readonly kind: 'beginning' }
  | { readonly kind: 'after'; readonly cursor: string }
  | { readonly kind: 'file'; readonly path: string };

type Environment = Readonly<Record<string, string | undefined>>;

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;
/** The options that the help explains, and no others. */
const OPTIONS = {
  'forward-to': TEXT,
  url: TEXT,
  mode: TEXT,
  'client-id': TEXT,
  'secret-stdin': FLAG,
  events: { type: 'string', multiple: true },
  trigger: TEXT,
  amount: TEXT,
  after: TEXT,
  'from-start': FLAG,
  position: TEXT,
  json: FLAG,
} as const satisfies Record<ListenOption | 'json', NonNullable<ParseArgsConfig['options']>[string]>;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** @throws UsageError that names the option. */
export function readOptions(words: readonly string[], environment: Environment): ListenOptions {
  if (words.some((word) => /^--secret(?:=|$)/.test(word)))
    throw new UsageError(
      '--secret: expected WEBPOS_SECRET or --secret-stdin, because other users can see the arguments of a process',
    );
  const values = parse(words);
  const mode = values.mode ?? filled(environment['WEBPOS_MODE']) ?? 'sandbox';
  if (mode !== 'sandbox' && mode !== 'live') throw new UsageError('--mode: expected sandbox or live, got something else');
  return {
    url: httpUrl('--url', needed('--url, or WEBPOS_URL', values.url ?? environment['WEBPOS_URL'])).href,
    mode,
    clientId: needed('--client-id, or WEBPOS_CLIENT_ID', values['client-id'] ?? environment['WEBPOS_CLIENT_ID']),
    secret:
      values['secret-stdin'] === true
        ? { kind: 'stdin' }
        : { kind: 'given', secret: needed('WEBPOS_SECRET, or --secret-stdin', environment['WEBPOS_SECRET']) },
    forwardTo: httpUrl('--forward-to', needed('--forward-to', values['forward-to'])),
    events: readEvents(values.events),
    trigger: readTrigger(values, mode),
    start: readStart(values),
    json: values.json === true,
  };
}

/** Joins each option with its value, so that a value may begin with a hyphen. */
function withValues(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const name = word.slice(2) as keyof typeof OPTIONS;
    const value = words[at + 1];
    const takesValue = word.startsWith('--') && Object.hasOwn(OPTIONS, name) && OPTIONS[name].type === 'string';
    if (!takesValue || value === undefined || value.startsWith('--')) joined.push(word);
    else {
      joined.push(`${word}=${value}`);
      at += 1;
    }
  }
  return joined;
}

function parse(words: readonly string[]): Values {
  try {
    return parseArgs({ args: withValues(words), options: OPTIONS }).values;
  } catch (error) {
    // The message of parseArgs repeats the value, which may be a secret.
    const code = (error as { code?: unknown }).code;
    const names = words.map((word) => /^--([a-z-]+)/.exec(word)?.[1]).filter((name) => name !== undefined);
    const unknown = names.find((name) => !(name in OPTIONS));
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && unknown !== undefined) throw new UsageError(`unknown option --${unknown}`);
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL')
      throw new UsageError('expected options that begin with --, got an argument');
    throw new UsageError('an option lacks its value, or a flag has one');
  }
}

function readEvents(lists: readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (lists === undefined) return undefined;
  const events = lists.flatMap((list) => list.split(',')).map((event) => event.trim());
  for (const event of events)
    if (!CALLBACK_EVENTS.some((known) => known === event))
      throw new UsageError(`--events: expected a list of ${CALLBACK_EVENTS.join(', ')}, got something else`);
  return new Set(events);
}

function readTrigger({ trigger, amount = '10.00' }: Values, mode: 'live' | 'sandbox'): ListenOptions['trigger'] {
  if (trigger === undefined) return undefined;
  if (mode !== 'sandbox')
    throw new UsageError('--trigger: expected the mode sandbox, because in live mode only a buyer can pay an order');
  const event = [...TRIGGERS.keys()].find((known) => known === trigger);
  if (event === undefined)
    throw new UsageError(`--trigger: expected one of ${[...TRIGGERS.keys()].join(', ')}, got something else`);
  if (!/^\d{1,12}(?:\.\d{1,8})?$/.test(amount))
    throw new UsageError('--amount: expected a decimal such as 10.00, got something else');
  return { event, amount };
}

function readStart({ after, position, 'from-start': fromStart }: Values): StartPosition {
  if ([after, position, fromStart].filter((given) => given !== undefined).length > 1)
    throw new UsageError('expected one of --after, --from-start and --position, got several');
  if (after !== undefined) return { kind: 'after', cursor: needed('--after', after) };
  if (position !== undefined) return { kind: 'file', path: needed('--position', position) };
  return { kind: fromStart === true ? 'beginning' : 'now' };
}

function needed(name: string, value: string | undefined): string {
  const given = filled(value);
  if (given === undefined) throw new UsageError(`${name}: expected a value, got nothing`);
  return given;
}

function filled(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}

function httpUrl(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new UsageError(`${name}: expected a URL such as http://localhost:3000/callback, got something else`);
  if (url.username !== '' || url.password !== '') throw new UsageError(`${name}: expected a URL without user name and password`);
  return url;
}
