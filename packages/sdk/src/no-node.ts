/** Stands in the place of `./node/index.ts` where there is no Node: in browsers, in Workers, and in bundles for them. */
import { ConfigurationError } from './errors/configuration-error.ts';

/** Always refuses. */
export function nodeFetch(): never {
  throw new ConfigurationError('http', 'no agent, proxy or verifySsl: false without node:http', 'one');
}
