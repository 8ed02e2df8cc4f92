/** What doctor looks at on this machine: the database as it lies there, who may read the files, the key file, and the way in from outside. */
import { stat } from 'node:fs/promises';
import type { Network } from '../../kernel/chain.ts';
import { VERSION } from '../../kernel/version.ts';
import { idTokenKey } from '../../security/id-token-key.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import type { Store } from '../../store/ports/store.ts';
import { checkStored } from './check-stored.ts';
import type { Finding } from './finding.ts';
import { isInterrupted } from './open-keys.ts';

export interface Installation {
  /** Why the database cannot be read: it does not exist, or its tables are those of another version. */
  readonly database: Pick<Finding, 'level' | 'says'> | undefined;
  readonly keyFile: string;
  /** Undefined when no key file is there, and none is needed yet. @throws OperatorError when it is missing or another's. */
  keys(): Promise<GatewayKeys | undefined>;
  /** Files that nobody else should read; those that are missing are passed over. */
  readonly privateFiles: readonly string[];
  /** How shops and buyers reach the gateway; undefined: by the address that it listens on. */
  readonly publicUrl: string | undefined;
  /** Whether it sells for real money at a rate that never changes. */
  readonly fixedRatesInLiveMode: boolean;
}

/** As much of what doctor is given as is needed here. */
export interface Installed {
  readonly store: Store;
  readonly network: Network;
  readonly signal: AbortSignal;
  readonly installation: Installation;
}

/** How long the public URL may take to answer. */
const PUBLIC_URL_MS = 10_000;
/** More endpoints than these are counted only. */
const MAX_ENDPOINTS_SHOWN = 5;

export async function version(): Promise<readonly Finding[]> {
  return [{ what: 'version', level: 'ok', says: `WebPOS ${VERSION} on Node ${process.version}` }];
}

export async function database({ store, installation }: Installed): Promise<readonly Finding[]> {
  if (installation.database !== undefined) return [{ what: 'database', ...installation.database }];
  const faults = await store.schemaFaults();
  const tables: Finding =
    faults.length === 0
      ? { what: 'tables', level: 'ok', says: 'as this version makes them' }
      : { what: 'tables', level: 'problem', says: `not as this version makes them: ${faults.join('; ')}` };
  return [await points(store), tables];
}

async function points(store: Store): Promise<Finding> {
  const pos = await store.pos.list();
  const active = pos.filter((each) => each.active).length;
  if (active === 0)
    return { what: 'database', level: 'warning', says: 'there is no POS yet that is switched on: webpos pos create makes one' };
  return { what: 'database', level: 'ok', says: `answers; ${active} of ${pos.length} POS switched on` };
}

export async function keyFile(examined: Installed): Promise<readonly Finding[]> {
  const { installation, store, network } = examined;
  const what = 'key file';
  if (installation.database !== undefined) return [];
  if (await isInterrupted(installation.keyFile))
    return [{ what, level: 'problem', says: 'a renewal of the key was interrupted: run webpos key renew again' }];
  const keys = await installation.keys();
  if (keys === undefined) return [{ what, level: 'ok', says: 'none yet; the first POS or the first start makes it' }];
  await checkStored({ store, network, keys });
  return [{ what, level: 'ok', says: 'opens the secret of every POS' }];
}

/** Only their owner has any business with the database, the keys and the marks. */
export async function files({ installation }: Installed): Promise<readonly Finding[]> {
  if (process.platform === 'win32') return [];
  const open: string[] = [];
  for (const path of installation.privateFiles) {
    const mode = await stat(path).then(
      (found) => found.mode & 0o777,
      () => 0,
    );
    if ((mode & 0o077) !== 0) open.push(`${path} has mode 0${mode.toString(8)}`);
  }
  if (open.length === 0) return [{ what: 'files', level: 'ok', says: 'none that others on this machine may read' }];
  return [
    {
      what: 'files',
      level: 'warning',
      says: `others on this machine may use ${open.join(', ')}: chmod 600 closes them`,
    },
  ];
}

export async function fixedRates({ installation }: Installed): Promise<readonly Finding[]> {
  if (!installation.fixedRatesInLiveMode) return [];
  return [
    {
      what: 'fixed rates',
      level: 'warning',
      says: 'WEBPOS_RATES is fixed in live mode: orders are sold at a rate that never follows the market',
    },
  ];
}

/** Endpoints of shops that do not take their callbacks, and why. */
export async function shops({ store }: Installed): Promise<readonly Finding[]> {
  const failing = await store.endpoints.failing();
  if (failing.length === 0) return [];
  const shown = failing
    .slice(0, MAX_ENDPOINTS_SHOWN)
    .map(
      ({ endpoint, failures, since, lastError }) =>
        `${endpoint} has failed ${failures} times in a row since ${new Date(since).toISOString()} (${lastError})`,
    );
  const more = failing.length > shown.length ? `; and ${failing.length - shown.length} more` : '';
  const says = `${shown.join('; ')}${more}. webpos callback endpoints shows them, webpos callback test tries one`;
  return [{ what: 'shops', level: 'warning', says }];
}

/** Asks the gateway by its public URL, as a shop would, and makes sure that it is this one that answers. */
export async function publicUrl({ installation, signal }: Installed): Promise<readonly Finding[]> {
  const what = 'public URL';
  const { publicUrl: url } = installation;
  if (url === undefined) return [];
  const keys = await installation.keys().catch(() => undefined);
  try {
    const answer = await fetch(`${url}/.well-known/jwks.json`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(PUBLIC_URL_MS)]),
      redirect: 'manual',
    });
    const body: unknown = await answer.json().catch(() => undefined);
    const kid = kidOf(body);
    if (answer.status !== 200 || kid === undefined)
      return [{ what, level: 'problem', says: `${url} answers ${answer.status}, but it is not a WebPOS gateway that answers` }];
    if (keys !== undefined && kid !== idTokenKey(keys.idToken).jwk.kid)
      return [{ what, level: 'problem', says: `${url} is answered by another gateway, with another key file` }];
    return [{ what, level: 'ok', says: `${url} is answered by this gateway` }];
  } catch (error) {
    return [{ what, ...unreachable(url, error) }];
  }
}

function kidOf(body: unknown): string | undefined {
  const { keys } = (typeof body === 'object' && body !== null ? body : {}) as { readonly keys?: readonly { kid?: unknown }[] };
  const kid = Array.isArray(keys) ? (keys as readonly { kid?: unknown }[])[0]?.kid : undefined;
  return typeof kid === 'string' ? kid : undefined;
}

/** By Node's names of what is wrong with a certificate. */
const CERTIFICATE =
  /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:GET|VERIFY)_|HOSTNAME_MISMATCH)/;

function unreachable(url: string, error: unknown): Pick<Finding, 'level' | 'says'> {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (CERTIFICATE.test(code))
    return { level: 'problem', says: `${url}: shops and browsers will not trust its certificate (${code}: ${reason})` };
  return {
    level: 'warning',
    says: `${url} cannot be reached from here (${[code, reason].filter((part) => part !== '').join(': ')}): is the gateway running, and its proxy?`,
  };
}
