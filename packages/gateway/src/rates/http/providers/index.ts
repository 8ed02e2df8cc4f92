/** All providers by name. */
import type { RateProvider } from '../provider.ts';
import type { ProviderName } from '../../provider-names.ts';
import { bitfinex } from './bitfinex.ts';
import { bitstamp } from './bitstamp.ts';
import { coinbase } from './coinbase.ts';
import { coingecko } from './coingecko.ts';
import { kraken } from './kraken.ts';
import { mempoolSpace } from './mempool-space.ts';

export const PROVIDERS: Readonly<Record<ProviderName, RateProvider>> = {
  bitfinex,
  bitstamp,
  coinbase,
  coingecko,
  kraken,
  'mempool.space': mempoolSpace,
};
