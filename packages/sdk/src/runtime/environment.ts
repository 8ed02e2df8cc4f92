import { requireOption } from '../checks/require-option.ts';
import { isObject } from '../checks/value-rules.ts';
import { VERSION } from './version.ts';

/** An application that names itself in the User-Agent. */
export interface AppInfo {
  /** Such as `my-shop`: letters, digits and the marks that a token of HTTP may have. */
  name: string;
  /** Such as `1.2.0`. */
  version?: string | undefined;
}

interface Globals {
  process?: { env?: Readonly<Record<string, string | undefined>>; versions?: { node?: string } };
  navigator?: { userAgent?: string };
}

/**
 * Fills in what the options of a client leave out from the environment: `WEBPOS_MODE`, `WEBPOS_CLIENT_ID`, `WEBPOS_SECRET` and
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
    // What is set to nothing is not set.
    return (globalThis as Globals).process?.env?.[name] || undefined;
  } catch {
    // Deno, without the permission to read it.
    return undefined;
  }
}

const PRODUCT = /^[\w.+-]{1,64}$/;

/**
 * The User-Agent of every request: the application, the library and the runtime, each with its version.
 *
 * @throws ConfigurationError for an application that cannot stand in it.
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
