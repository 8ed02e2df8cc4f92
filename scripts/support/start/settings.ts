/** Reads the settings of `npm start` from the environment: those of the gateway, and the port of the shop. */
import { ConfigError, readConfig, type Config } from '@webpos/gateway';

export interface StartSettings {
  readonly config: Config;
  readonly shopPort: number;
}

const SHOP_PORT = 8081;

/**
 * The settings have the defaults of the `webpos` command, so that both use the same database and key file. The shop runs on this
 * machine without a certificate, so callbacks may go to private addresses.
 *
 * @throws ConfigError if a setting is invalid, or asks for another mode than the sandbox.
 */
export function readStartSettings(environment: Readonly<Record<string, string | undefined>>): StartSettings {
  if (environment['WEBPOS_MODE']?.trim() === 'live')
    throw new ConfigError(
      'npm start runs the sandbox only, and WEBPOS_MODE is live. For real payments run "npm run webpos -- serve", or unset WEBPOS_MODE to try the sandbox',
    );
  const config = readConfig({
    // The terminal is for orders: a warning, such as of a slow step, would stand between them as JSON.
    WEBPOS_LOG_LEVEL: 'error',
    WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true',
    ...environment,
  });
  return { config, shopPort: readPort('SHOP_PORT', environment['SHOP_PORT']) };
}

function readPort(name: string, text: string | undefined): number {
  if (text === undefined || text.trim() === '') return SHOP_PORT;
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new ConfigError(`${name}: expected a whole number from 0 to 65535, got ${JSON.stringify(text)}`);
}
