import { randomUUID } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { systemClock } from '../kernel/clock.ts';
import { isUuidV4, type AccountId } from '../kernel/ids.ts';
import { parseCurrency, type CurrencyCode } from '../orders/currency.ts';
import { parseShopUrl } from '../orders/shop-url.ts';
import { isProviderName, PROVIDER_NAMES } from '../rates/provider-names.ts';
import { MOST_SPREAD_BPS } from '../rates/spread.ts';
import { createPos } from '../services/create-pos.ts';
import type { Command } from './command.ts';
import { readOptions, type Options } from './options.ts';
import { LOOK_LISTS, LOOK_OPTIONS, readLook } from './pos-look.ts';
import { UsageError } from './usage-error.ts';

/** `webpos pos create`: makes a point of sale, and shows its secret once. */
export const posCreate: Command = async (world, config, words) => {
  const options = readOptions(words, OPTIONS, { lists: LOOK_LISTS });
  const input = {
    name: options.required('name'),
    type: readType(options),
    accountId: readAccount(options),
    currency: readCurrency(options),
    defaults: {
      callbackUrl: readUrl(options, 'callback-url', config),
      continueUrl: readUrl(options, 'continue-url', config),
      cancelUrl: readUrl(options, 'cancel-url', config),
      requiredConfirmations: readConfirmations(options),
    },
    rates: { provider: readProvider(options), spreadBps: readSpread(options) },
    look: await readLook(options, config),
  };
  const { store, keys } = await world.openBase(config);
  try {
    const { pos, secret, webhookSecret } = await createPos({ store, clock: systemClock, newUuid: randomUUID }, input, keys.seal);
    if (options.json) {
      world.out(JSON.stringify({ uuid: pos.id, client_id: pos.clientId, secret, webhook_secret: webhookSecret }));
      return;
    }
    world.out(`POS ${pos.id} (${pos.name}, ${pos.currency})`);
    world.out(`  client_id  ${pos.clientId}`);
    world.out(`  secret     ${secret}`);
    world.out(`  to verify callbacks by Standard Webhooks: ${webhookSecret}`);
    world.out('Keep the secrets now: they are not shown again.');
  } finally {
    await store.close();
  }
};

const OPTIONS = [
  'name',
  'account',
  'currency',
  'callback-url',
  'continue-url',
  'cancel-url',
  'required-confirmations',
  'type',
  'rates',
  'spread',
  ...LOOK_OPTIONS,
];

function readType(options: Options): 'web' | 'mobile' {
  const type = options.optional('type') ?? 'web';
  if (type !== 'web' && type !== 'mobile') throw new UsageError(`--type: expected web or mobile, got ${JSON.stringify(type)}`);
  return type;
}

function readAccount(options: Options): AccountId {
  const id = options.required('account');
  if (!isUuidV4(id)) throw new UsageError('--account: expected the UUID of an account, got something else');
  return id as AccountId;
}

function readCurrency(options: Options): CurrencyCode {
  try {
    return parseCurrency(options.required('currency'));
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--${error.message}`);
    throw error;
  }
}

function readUrl(options: Options, name: string, config: Config): string | null {
  const text = options.optional(name);
  try {
    return text === undefined ? null : parseShopUrl(text, { allowHttp: config.mode === 'sandbox' });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--${name}: ${error.message}`);
    throw error;
  }
}

function readProvider(options: Options): string | null {
  const name = options.optional('rates') ?? 'default';
  if (name === 'default') return null;
  if (isProviderName(name)) return name;
  throw new UsageError(`--rates: expected default or one of ${PROVIDER_NAMES.join(', ')}, got ${JSON.stringify(name)}`);
}

/** A percentage with up to two decimals, as hundredths of a percent. */
function readSpread(options: Options): number {
  const text = options.optional('spread') ?? '0';
  const [, whole = '', fraction = ''] = /^(\d{1,2})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  const bps = whole === '' ? Number.NaN : Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
  if (bps <= MOST_SPREAD_BPS) return bps;
  throw new UsageError(
    `--spread: expected a percentage from 0 to ${MOST_SPREAD_BPS / 100} such as 0.5, got ${JSON.stringify(text)}`,
  );
}

function readConfirmations(options: Options): number {
  const text = options.optional('required-confirmations') ?? '1';
  const number = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= 1000))
    throw new UsageError(`--required-confirmations: expected a whole number from 0 to 1000, got ${JSON.stringify(text)}`);
  return number;
}
