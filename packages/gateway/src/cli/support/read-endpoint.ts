import type { Options } from './options.ts';
import { UsageError } from './usage-error.ts';

/** The `--endpoint` of a command: the origin of URLs that callbacks go to. @throws UsageError when it is not one. */
export function readEndpoint(options: Options): string | undefined {
  const text = options.optional('endpoint');
  if (text === undefined) return undefined;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text).origin;
  throw new UsageError('--endpoint: expected a URL such as https://shop.example, got something else');
}
