import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CALLBACK_EVENTS, type CallbackEvent } from '@webpos/sdk/wire';
import { TRIGGERS } from './trigger.ts';
import { UsageError } from './usage-error.ts';

/** What to follow, and where its events go. */
export interface ListenOptions {
  readonly url: string;
  readonly mode: 'live' | 'sandbox';
  readonly clientId: string;
  readonly secret: SecretSource;
  readonly forwardTo: URL;
  /** Those to forward; undefined for all. */
  readonly events: ReadonlySet<string> | undefined;
  readonly trigger: { readonly event: CallbackEvent; readonly amount: string } | undefined;
  readonly start: StartPosition;
  readonly json: boolean;
}

export type SecretSource = { readonly kind: 'given'; readonly secret: string } | { readonly kind: 'stdin' };

/** Where in the feed to begin. */
export type StartPosition =
  | { readonly kind: 'now' }
  | { readonly kind: 'first event' }
  | { readonly kind: 'after'; readonly cursor: string }
  | { readonly kind: 'file'; readonly path: string };

type Environment = Readonly<Record<string, string | undefined>>;

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;
const OPTIONS = {
  'forward-to': TEXT,
  url: TEXT,
  mode: TEXT,
  'client-id': TEXT,
  'secret-stdin': FLAG,
  // Known only to be refused: every user of the machine can read the words of a process.
  secret: TEXT,
  events: { type: 'string', multiple: true },
  trigger: TEXT,
  amount: TEXT,
  after: TEXT,
  'from-start': FLAG,
  position: TEXT,
  json: FLAG,
} as const satisfies ParseArgsConfig['options'];

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** @throws UsageError that names the option. */
export function readOptions(words: readonly string[], environment: Environment): ListenOptions {
  const values = parse(words);
  if (values.secret !== undefined)
    throw new UsageError('--secret: expected WEBPOS_SECRET or --secret-stdin, since others can see the words of a process');
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

/** Joins every option that takes a value with the word after it, so that a value may begin with a hyphen. */
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
    // What was given may be a secret: the message of parseArgs repeats it.
    const code = (error as { code?: unknown }).code;
    const names = words.map((word) => /^--([a-z-]+)/.exec(word)?.[1]).filter((name) => name !== undefined);
    const unknown = names.find((name) => !(name in OPTIONS));
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && unknown !== undefined) throw new UsageError(`--${unknown}: unknown option`);
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL')
      throw new UsageError('expected options that begin with --, got a bare word');
    throw new UsageError('an option has no value, or has one that takes none');
  }
}

function readEvents(lists: readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (lists === undefined) return undefined;
  const events = lists.flatMap((list) => list.split(',')).map((event) => event.trim());
  for (const event of events)
    if (!CALLBACK_EVENTS.some((known) => known === event))
      throw new UsageError(`--events: expected some of ${CALLBACK_EVENTS.join(', ')}, got something else`);
  return new Set(events);
}

function readTrigger({ trigger, amount = '10.00' }: Values, mode: 'live' | 'sandbox'): ListenOptions['trigger'] {
  if (trigger === undefined) return undefined;
  if (mode !== 'sandbox')
    throw new UsageError('--trigger: expected the sandbox: in live mode an order is paid by its buyer alone');
  const event = [...TRIGGERS.keys()].find((known) => known === trigger);
  if (event === undefined)
    throw new UsageError(`--trigger: expected one of ${[...TRIGGERS.keys()].join(', ')}, got something else`);
  if (!/^\d{1,12}(?:\.\d{1,8})?$/.test(amount))
    throw new UsageError('--amount: expected a decimal such as 10.00, got something else');
  return { event, amount };
}

function readStart({ after, position, 'from-start': fromStart }: Values): StartPosition {
  if ([after, position, fromStart].filter((given) => given !== undefined).length > 1)
    throw new UsageError('expected one of --after, --position and --from-start, got several');
  if (after !== undefined) return { kind: 'after', cursor: needed('--after', after) };
  if (position !== undefined) return { kind: 'file', path: needed('--position', position) };
  return { kind: fromStart === true ? 'first event' : 'now' };
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
  if (url.username !== '' || url.password !== '') throw new UsageError(`${name}: expected a URL without user and password`);
  return url;
}
