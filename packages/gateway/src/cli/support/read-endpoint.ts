import type { Options } from './options.ts';
import { UsageError } from './usage-error.ts';

export const ENDPOINT_FORMAT = 'an http or https URL such as https://shop.example';

/** Reads `--endpoint` as the origin of callback URLs. @throws UsageError when it is not an http or https URL. */
export function readEndpoint(options: Options<'endpoint'>): string | undefined {
  const text = options.optional('endpoint');
  if (text === undefined) return undefined;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text).origin;
  throw new UsageError(`--endpoint: expected ${ENDPOINT_FORMAT}, got something else`);
}
