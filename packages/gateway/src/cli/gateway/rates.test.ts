import { expect, it } from 'vitest';
import { askRates } from '../../app/open-rates.ts';
import type { GetText } from '../../rates/http/get-text.ts';
import type { CliWorld } from '../command.ts';
import { rates } from './rates.ts';

const EXCHANGES = { WEBPOS_RATES: 'kraken,coinbase,bitfinex,mempool.space' };
const ANSWERS: Readonly<Record<string, string>> = {
  'api.kraken.com': '{"error":[],"result":{"XXBTZEUR":{"a":["60001","1","1"],"b":["59999","1","1"]}}}',
  'api.coinbase.com': '{"data":{"currency":"BTC","rates":{"EUR":"60010"}}}',
  'api-pub.bitfinex.com': '[["tBTCEUR",80000,1,80000,1]]',
};
const get: GetText = async (url) => {
  const answer = ANSWERS[new URL(url).host];
  if (answer === undefined) throw new Error('answered 502');
  return answer;
};

async function run(environment: Readonly<Record<string, string>>, ...words: string[]): Promise<string[]> {
  const lines: string[] = [];
  const world: Pick<CliWorld, 'environment' | 'out' | 'askRates'> = {
    environment,
    out: (line) => void lines.push(line),
    askRates: (config, currency) => askRates(config, currency, get),
  };
  await rates.run(world as CliWorld, words);
  return lines;
}

it('webpos rates shows the price of each source, whether it is used, and the rate', async () => {
  expect(await run(EXCHANGES)).toEqual([
    'kraken         60000',
    'coinbase       60010',
    'bitfinex       80000  (too old or too far from the others)',
    'mempool.space  answered 502',
    'one bitcoin is 60005 EUR',
  ]);
});

it('webpos rates reports that a currency has no rate', async () => {
  expect(await run({ WEBPOS_RATES: 'kraken' }, '--currency', 'KES')).toEqual([
    'kraken         has no price in KES',
    'no rate for KES: orders would get 4003',
  ]);
});

it('webpos rates shows fixed rates too, and prints JSON with --json', async () => {
  const [line] = await run({ WEBPOS_RATES: 'fixed:EUR=60000.50' }, '--json');
  const source = { name: 'fixed', rate: '60000.5', trouble: null };
  expect(JSON.parse(line!)).toEqual({ currency: 'EUR', rate: '60000.5', used: ['fixed'], sources: [source] });
});

it('webpos rates refuses an unknown currency', async () => {
  await expect(run(EXCHANGES, '--currency', 'euro')).rejects.toThrow('--currency: expected a code of ISO 4217');
});
