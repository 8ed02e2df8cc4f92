/** Examines the installation for `webpos doctor`: the database, the key file, file permissions, failing endpoints and the public URL. */
import { stat } from 'node:fs/promises';
import type { Network } from '../../kernel/chain.ts';
import { VERSION } from '../../kernel/version.ts';
import { describeMode, type ModeAndNetwork } from '../../merchants/describe-mode.ts';
import { idTokenKey } from '../../security/id-token-key.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import type { Store } from '../../store/ports/store.ts';
import { refuseOtherNetwork } from '../merchants/refuse-other-network.ts';
import type { Finding } from './finding.ts';
import { isInterrupted } from './open-keys.ts';

export interface Installation {
  /** Why the database cannot be read, such as a missing file or tables of another version; undefined if it can. */
  readonly database: Pick<Finding, 'level' | 'says'> | undefined;
  readonly keyFile: string;
  /** Returns undefined if no key file exists and none is needed yet. @throws OperatorError if it is missing or belongs to another database. */
  keys(): Promise<GatewayKeys | undefined>;
  /** Files that only their owner should be able to read. Missing ones are skipped. */
  readonly privateFiles: readonly string[];
  /** The URL by which shops and buyers reach the gateway; undefined: the address that it listens on. */
  readonly publicUrl: string | undefined;
  readonly mode: ModeAndNetwork['mode'];
  /** Whether WEBPOS_RATES is fixed in live mode. */
  readonly fixedRatesInLiveMode: boolean;
}

export interface Installed {
  readonly store: Store;
  readonly network: Network;
  readonly signal: AbortSignal;
  readonly installation: Installation;
}

const PUBLIC_URL_TIMEOUT_MS = 10_000;
/** Further endpoints are only counted. */
const MAX_SHOWN_ENDPOINTS = 5;

export async function version(): Promise<readonly Finding[]> {
  return [{ what: 'version', level: 'ok', says: `WebPOS ${VERSION} on Node ${process.version}` }];
}

/** Reports the mode: the first thing to check when expected money does not arrive. */
export async function mode({ installation, network }: Installed): Promise<readonly Finding[]> {
  const worth = network === 'bitcoin' ? 'payments are real' : 'its bitcoin is worth nothing';
  const how = installation.mode === 'sandbox' ? '; WEBPOS_MODE=live takes real payments' : '';
  return [{ what: 'mode', level: 'ok', says: `${describeMode({ mode: installation.mode, network })}: ${worth}${how}` }];
}

/** Checks that the accounts are on the network of the settings. */
export async function accountNetwork({ installation, store, network }: Installed): Promise<readonly Finding[]> {
  if (installation.database === undefined) refuseOtherNetwork(await store.accounts.list(), network);
  return [];
}

export async function database({ store, installation }: Installed): Promise<readonly Finding[]> {
  if (installation.database !== undefined) return [{ what: 'database', ...installation.database }];
  const faults = await store.schemaFaults();
  const tables: Finding =
    faults.length === 0
      ? { what: 'tables', level: 'ok', says: 'as this version creates them' }
      : { what: 'tables', level: 'problem', says: `not as this version creates them: ${faults.join('; ')}` };
  return [await points(store), tables];
}

async function points(store: Store): Promise<Finding> {
  const pos = await store.pos.list();
  const active = pos.filter((each) => each.active).length;
  if (active === 0) return { what: 'database', level: 'warning', says: 'no POS is enabled: webpos pos create creates one' };
  return { what: 'database', level: 'ok', says: `can be read; ${active} of ${pos.length} POS enabled` };
}

export async function keyFile({ installation }: Pick<Installed, 'installation'>): Promise<readonly Finding[]> {
  const what = 'key file';
  if (installation.database !== undefined) return [];
  if (await isInterrupted(installation.keyFile))
    return [{ what, level: 'problem', says: 'a renewal of the key was interrupted: run webpos key renew again' }];
  const keys = await installation.keys();
  if (keys === undefined) return [{ what, level: 'ok', says: 'does not exist yet; the first POS or the first start creates it' }];
  return [{ what, level: 'ok', says: 'decrypts the secret of every POS' }];
}

/** Finds private files that other users of this machine can use. */
export async function files({ installation }: Installed): Promise<readonly Finding[]> {
  if (process.platform === 'win32') return [];
  const open: string[] = [];
  for (const path of installation.privateFiles) {
    const mode = await stat(path).then(
      (found) => found.mode & 0o777,
      () => 0,
    );
    if ((mode & 0o077) !== 0) open.push(`${path} (mode 0${mode.toString(8)})`);
  }
  if (open.length === 0) return [{ what: 'files', level: 'ok', says: 'private: no other user of this machine can read them' }];
  return [
    {
      what: 'files',
      level: 'warning',
      says: `other users of this machine can use ${open.join(', ')}: protect them with chmod 600`,
    },
  ];
}

export async function fixedRates({ installation }: Installed): Promise<readonly Finding[]> {
  if (!installation.fixedRatesInLiveMode) return [];
  return [
    {
      what: 'fixed rates',
      level: 'warning',
      says: 'WEBPOS_RATES is fixed in live mode: the rate of orders never follows the market',
    },
  ];
}

/** Finds endpoints that fail, and why. */
export async function shops({ store }: Installed): Promise<readonly Finding[]> {
  const failing = await store.endpoints.failing();
  if (failing.length === 0) return [];
  const shown = failing
    .slice(0, MAX_SHOWN_ENDPOINTS)
    .map(
      ({ endpoint, failures, since, lastError }) =>
        `${endpoint} has failed ${failures} times in a row since ${new Date(since).toISOString()} (${lastError})`,
    );
  const more = failing.length > shown.length ? `; and ${failing.length - shown.length} more` : '';
  const says = `${shown.join('; ')}${more}. webpos callback endpoints lists them, webpos callback test tries one`;
  return [{ what: 'shops', level: 'warning', says }];
}

/** Sends a request to the public URL, as a shop would, and checks that this gateway answers it. */
export async function publicUrl({ installation, signal }: Installed): Promise<readonly Finding[]> {
  const what = 'public URL';
  const { publicUrl: url } = installation;
  if (url === undefined) return [];
  const keys = await installation.keys().catch(() => undefined);
  try {
    const answer = await fetch(`${url}/.well-known/jwks.json`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(PUBLIC_URL_TIMEOUT_MS)]),
      redirect: 'manual',
    });
    const body: unknown = await answer.json().catch(() => undefined);
    const kid = kidOf(body);
    if (answer.status !== 200 || kid === undefined)
      return [{ what, level: 'problem', says: `${url} answers ${answer.status}, but not as a WebPOS gateway` }];
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

/** Node's error codes for invalid certificates. */
const CERTIFICATE =
  /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:GET|VERIFY)_|HOSTNAME_MISMATCH)/;

function unreachable(url: string, error: unknown): Pick<Finding, 'level' | 'says'> {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (CERTIFICATE.test(code))
    return { level: 'problem', says: `${url}: shops and browsers do not trust its certificate (${code}: ${reason})` };
  return {
    level: 'warning',
    says: `${url} cannot be reached from here (${[code, reason].filter((part) => part !== '').join(': ')}): is the gateway running, and its proxy?`,
  };
}
