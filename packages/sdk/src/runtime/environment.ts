import { requireOption } from '../checks/require-option.ts';
import { isObject } from '../checks/value-rules.ts';
import { VERSION } from './version.ts';

/**
 * The application, as the User-Agent names it.
 *
 * @example
 * new Client({ appInfo: { name: 'my-shop', version: '1.2.0' } });
 */
export interface AppInfo {
  /** Such as `my-shop`: at most 64 letters, digits and `.`, `+`, `-`, `_`. */
  name: string;
  /** Such as `1.2.0`, of the same characters. */
  version?: string | undefined;
}

interface Globals {
  process?: { env?: Readonly<Record<string, string | undefined>>; versions?: { node?: string } };
  navigator?: { userAgent?: string };
}

/**
 * Fills in missing client options from the environment variables `WEBPOS_MODE`, `WEBPOS_CLIENT_ID`, `WEBPOS_SECRET` and
 * `WEBPOS_URL`.
 */
export function withEnvironment<Options>(options: Options): Options {
  if (!isObject(options)) return options;
  const filled: Record<string, unknown> = { ...(options as object) };
  for (const [option, name] of Object.entries(VARIABLES)) if (filled[option] === undefined) filled[option] = variable(name);
  return filled as Options;
}

const VARIABLES = { mode: 'WEBPOS_MODE', clientId: 'WEBPOS_CLIENT_ID', secret: 'WEBPOS_SECRET', baseUrl: 'WEBPOS_URL' };

function variable(name: string): string | undefined {
  try {
    // An empty variable counts as unset.
    return (globalThis as Globals).process?.env?.[name] || undefined;
  } catch {
    // In Deno, without permission to read it.
    return undefined;
  }
}

const PRODUCT = /^[\w.+-]{1,64}$/;

/**
 * Makes the User-Agent of every request: the application, the library and the runtime, each with its version.
 *
 * @throws ConfigurationError if the application's name or version does not fit.
 */
export function userAgent(app: AppInfo | undefined): { 'user-agent'?: string } {
  const { navigator, process } = globalThis as Globals;
  const node = process?.versions?.node;
  // Node 21 and later, Deno, Bun and Workers name themselves; Node 20 does not.
  const runtime = navigator?.userAgent ?? (node === undefined ? '' : `Node.js/${node}`);
  // A browser sets its own.
  if (runtime.startsWith('Mozilla')) return {};
  const { name = '', version = '' } = app ?? {};
  if (app) {
    const isRight =
      PRODUCT.test(name) &&
      (version === '' || PRODUCT.test(version)) &&
      Object.keys(app).every((key) => /^(name|version)$/.test(key));
    requireOption(isRight, 'appInfo', 'name and version of letters, digits and . + - _', app);
  }
  const own = app && name + (version && `/${version}`);
  return { 'user-agent': [own, `webpos-sdk/${VERSION}`, runtime].filter(Boolean).join(' ') };
}
