/** Reads the settings of e-mail. */
import { isIP } from 'node:net';
import { parseMailbox, type Mailbox } from '../notifications/mail-address.ts';
import { readUrl } from '../kernel/read-url.ts';
import type { Settings } from './settings.ts';

export interface SmtpConfig {
  readonly host: string;
  readonly port: number;
  /** Whether TLS begins with the connection. */
  readonly isImplicitTls: boolean;
  readonly startTls: 'required' | 'if_offered' | 'none';
  readonly user: string | undefined;
  /** Never log it. */
  readonly password: string | undefined;
  /** The file that has the password; undefined if the URL has it. */
  readonly passwordFile: string | undefined;
  readonly from: Mailbox;
}

const EXPECTED = 'smtp://HOST:PORT or smtps://HOST:PORT, with USER:PASSWORD@ before the host if the server asks for them';

/** Returns undefined if no e-mail is to be sent. */
export function readSmtp(settings: Settings): SmtpConfig | undefined {
  const text = settings.url('SMTP_URL', ['smtp:', 'smtps:']);
  const passwordFile = settings.optional('SMTP_PASSWORD_FILE');
  const allowsPlain = settings.oneOf('DANGEROUSLY_ALLOW_PLAIN_SMTP', ['true', 'false'], 'false') === 'true';
  const from = settings.parsed('SMTP_FROM', undefined, parseFrom);
  if (text === undefined) {
    for (const name of ['SMTP_FROM', 'SMTP_PASSWORD_FILE'] as const)
      if (settings.optional(name) !== undefined) settings.wrong(name, 'nothing, since SMTP_URL is not set', undefined);
    return undefined;
  }
  if (settings.optional('SMTP_FROM') === undefined)
    settings.missing('SMTP_FROM', 'the sender of e-mails, such as Corner shop <shop@shop.example>, since SMTP_URL is set');
  const server = readServer(settings, text, passwordFile);
  if (server === undefined || from === undefined) return undefined;
  const startTls = allowsPlain ? 'if_offered' : 'required';
  return { ...server, startTls: isLoopback(server.host) ? 'none' : startTls, passwordFile, from };
}

function readServer(
  settings: Settings,
  text: string,
  passwordFile: string | undefined,
): Pick<SmtpConfig, 'host' | 'port' | 'isImplicitTls' | 'user' | 'password'> | undefined {
  const url = readUrl(text);
  const [user, password] = [decoded(url?.username), decoded(url?.password)];
  if (url === undefined || url.hostname === '' || !/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '')
    return settings.wrong('SMTP_URL', EXPECTED, undefined);
  if (user === undefined || password === undefined)
    return settings.wrong(
      'SMTP_URL',
      'a user and a password with every special character written as % and two digits',
      undefined,
    );
  if (passwordFile !== undefined && password !== '')
    settings.wrong('SMTP_PASSWORD_FILE', 'nothing, since the password is in SMTP_URL', undefined);
  if (passwordFile !== undefined && user === '') settings.wrong('SMTP_URL', 'a user, since SMTP_PASSWORD_FILE is set', undefined);
  if (user !== '' && password === '' && passwordFile === undefined)
    settings.missing('SMTP_PASSWORD_FILE', `the file with the password, since SMTP_URL has a user and no password`);
  const isImplicitTls = url.protocol === 'smtps:';
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (isImplicitTls ? 465 : 587) : Number(url.port),
    isImplicitTls,
    user: user === '' ? undefined : user,
    password: password === '' ? undefined : password,
  };
}

function parseFrom(text: string): Mailbox {
  try {
    return parseMailbox(text);
  } catch {
    throw new RangeError('expected a sender, such as Corner shop <shop@shop.example>, got something else');
  }
}

function decoded(text = ''): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Whether what is sent to a host stays on this machine. */
function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1' || /^(?:.+\.)?localhost$/.test(host);
}
