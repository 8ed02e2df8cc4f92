import type { Config } from '../../config/config.ts';

/** Returns the URL that buyers and operators reach the gateway of these settings at. */
export function publicUrlOf({ publicUrl, tls, host, port }: Pick<Config, 'publicUrl' | 'tls' | 'host' | 'port'>): string {
  return publicUrl ?? `${tls === undefined ? 'http' : 'https'}://${host}:${port}`;
}
