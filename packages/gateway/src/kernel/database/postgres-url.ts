/**
 * The URL of a PostgreSQL database, which may name several servers as libpq's URLs do:
 *
 *     postgres://user:password@host1:5432,host2:5433/database?target_session_attrs=read-write
 *     postgres://user:password@/database?host=host1,host2&port=5432,5433
 *
 * Accepted of libpq's parameters, beside those of one connection that `pg` knows (such as `sslmode` and `options`):
 * - `host` and `port`, lists that replace those before the path; one port is that of all hosts;
 * - `target_session_attrs`: `read-write` refuses a server that is in recovery or read-only, `any` refuses none. Default: `read-write` with
 *   several hosts, since a gateway writes, and `any` with one;
 * - `connect_timeout`: seconds for each host.
 * Not accepted: `hostaddr` and `load_balance_hosts`. A name with several addresses counts as one host.
 */
export interface PostgresUrl {
  /** In the order in which they are tried. Never empty. */
  readonly hosts: readonly PostgresHost[];
  readonly wants: 'any' | 'read-write';
  /** For each host, until it has answered; undefined: not stated. */
  readonly connectTimeoutMs: number | undefined;
  /** Applied to every connection, such as `-c search_path=webpos`. */
  readonly options: string | undefined;
  /** All hosts and the database, as messages show them: without user, password and parameters. */
  readonly shown: string;
}

export interface PostgresHost {
  /** As messages show it: a name or address with its port, or the folder of a socket. */
  readonly shown: string;
  /** The URL of this server alone, as `pg` reads it. Contains the password. */
  readonly url: string;
}

const PARTS = /^(?<scheme>postgres(?:ql)?:)\/\/(?<authority>[^/?#]*)(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/;
/** A name, an IPv4 address, an IPv6 address in brackets or an encoded folder; then perhaps a port. */
const HOST = /^(?<name>[^[\]:]*|\[[\da-f:.%]+\])(?::(?<port>\d*))?$/i;
const OWN_PARAMETERS: ReadonlySet<string> = new Set(['host', 'port', 'target_session_attrs', 'connect_timeout']);
const MAX_HOSTS = 16;

/** @throws RangeError that states what was expected and what was received, but no user and no password. */
export function parsePostgresUrl(text: string): PostgresUrl {
  const { scheme = '', authority = '', path = '', query = '' } = PARTS.exec(text)?.groups ?? {};
  if (scheme === '') throw new RangeError('expected postgres://HOST/DATABASE, got something else');
  const parameters = query.split('&').filter((each) => each !== '');
  // The password has ended too early, and its rest would be shown.
  if ([path, ...parameters.map(nameOf)].some((each) => each.includes('@')))
    throw new RangeError('expected / and ? in a password to be percent-encoded, got an @ after the host');
  const own = new URLSearchParams(parameters.filter((each) => OWN_PARAMETERS.has(nameOf(each))).join('&'));
  const others = parameters.filter((each) => !OWN_PARAMETERS.has(nameOf(each)));
  if (others.some((each) => nameOf(each) === 'hostaddr')) throw new RangeError('expected host in place of hostaddr');
  const at = authority.lastIndexOf('@') + 1;
  const user = authority.slice(0, at);
  const hosts = hostsOf(authority.slice(at), own).map(({ name, port }): PostgresHost => {
    const isSocket = name.startsWith('/');
    const inQuery = isSocket ? [`host=${encodeURIComponent(name)}`, ...(port === '' ? [] : [`port=${port}`])] : [];
    const where = isSocket ? 'localhost' : joined(name, port);
    const url = `${scheme}//${user}${where}${path}${questionMark([...inQuery, ...others])}`;
    if (!URL.canParse(url)) throw new RangeError(`expected a host and a port, got ${JSON.stringify(joined(name, port))}`);
    return { shown: joined(name, port), url };
  });
  return {
    hosts,
    wants: wantsOf(own.get('target_session_attrs'), hosts.length),
    connectTimeoutMs: timeoutOf(own.get('connect_timeout')),
    options: new URLSearchParams(others.join('&')).get('options') ?? undefined,
    shown: `${scheme}//${hosts.map(({ shown }) => shown).join()}${path}`,
  };
}

/** Returns the URL as an operator's own tools take it, which ask for the password or read it from `~/.pgpass`. */
export function withoutPassword(text: string): string {
  const { scheme, authority = '', path = '', query = '' } = PARTS.exec(text)?.groups ?? {};
  if (scheme === undefined) throw new RangeError('expected postgres://HOST/DATABASE, got something else');
  const at = authority.lastIndexOf('@');
  const user = at === -1 ? '' : `${authority.slice(0, at).replace(/:.*$/s, '')}@`;
  const parameters = query.split('&').filter((each) => each !== '' && !/password$/i.test(nameOf(each)));
  return `${scheme}//${user}${authority.slice(at + 1)}${path}${questionMark(parameters)}`;
}

interface HostAndPort {
  readonly name: string;
  /** Empty: the default. */
  readonly port: string;
}

function hostsOf(text: string, own: URLSearchParams): readonly HostAndPort[] {
  const listed = own.get('host');
  const hosts =
    listed === null ? text.split(',').map(hostOf) : listed.split(',').map((name) => ({ name: inBrackets(name), port: '' }));
  if (hosts.length > MAX_HOSTS) throw new RangeError(`expected at most ${MAX_HOSTS} hosts, got ${hosts.length}`);
  if (hosts.length > 1 && hosts.some(({ name }) => name === ''))
    throw new RangeError('expected a host, got an empty one in the list');
  const ports = own.get('port')?.split(',');
  if (ports === undefined) return hosts;
  const wrong = ports.find((port) => !/^\d{0,5}$/.test(port));
  if (wrong !== undefined) throw new RangeError(`expected a port, got ${JSON.stringify(wrong)}`);
  if (ports.length !== 1 && ports.length !== hosts.length)
    throw new RangeError(`expected one port or as many as hosts (${hosts.length}), got ${ports.length}`);
  return hosts.map(({ name }, n) => ({ name, port: ports[ports.length === 1 ? 0 : n] ?? '' }));
}

function hostOf(text: string): HostAndPort {
  const { name, port = '' } = HOST.exec(text)?.groups ?? {};
  // Not repeated: an unescaped character of a password may have ended up here.
  if (name === undefined) throw new RangeError('expected a host and a port (an IPv6 address in brackets), got something else');
  return { name, port };
}

/** In a URL, an IPv6 address has brackets. */
function inBrackets(name: string): string {
  return name.includes(':') && !name.startsWith('[') && !name.startsWith('/') ? `[${name}]` : name;
}

function joined(name: string, port: string): string {
  return port === '' ? name : `${name}:${port}`;
}

function wantsOf(given: string | null, hosts: number): PostgresUrl['wants'] {
  if (given === null) return hosts > 1 ? 'read-write' : 'any';
  if (given === 'any' || given === 'read-write') return given;
  throw new RangeError(`expected target_session_attrs to be read-write or any, got ${JSON.stringify(given)}`);
}

function timeoutOf(given: string | null): number | undefined {
  if (given === null) return undefined;
  const seconds = /^\d{1,2}$/.test(given) ? Number(given) : 0;
  if (seconds < 1 || seconds > 60)
    throw new RangeError(`expected connect_timeout to be 1 to 60 seconds, got ${JSON.stringify(given)}`);
  return seconds * 1_000;
}

function nameOf(parameter: string): string {
  return parameter.replace(/=.*$/s, '');
}

function questionMark(parameters: readonly string[]): string {
  return parameters.length === 0 ? '' : `?${parameters.join('&')}`;
}
