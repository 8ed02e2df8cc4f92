import { randomUUID } from 'node:crypto';
import { systemClock } from '../../kernel/clock.ts';
import { NO_TOLERANCE } from '../../merchants/tolerance.ts';
import { createPos } from '../../services/merchants/create-pos.ts';
import type { Command } from '../command.ts';
import { readOptions } from '../support/options.ts';
import { LOOK_LISTS, LOOK_OPTIONS, readLook } from './pos-look.ts';
import { readTerms, TERMS_OPTIONS } from './pos-terms.ts';
import { UsageError } from '../support/usage-error.ts';

/** `webpos pos create`: makes a point of sale, and shows its secret once. */
export const posCreate: Command = async (world, config, words) => {
  const options = readOptions(words, [...TERMS_OPTIONS, ...LOOK_OPTIONS], { lists: LOOK_LISTS });
  const {
    name,
    type = 'web',
    accountId,
    currency,
    defaults,
    rates,
    tolerance,
    transactionChanged = false,
  } = readTerms(options, config);
  const input = {
    name: needed('name', name),
    type,
    accountId: needed('account', accountId),
    currency: needed('currency', currency),
    defaults: { callbackUrl: null, continueUrl: null, cancelUrl: null, requiredConfirmations: 1, ...defaults },
    rates: { provider: null, spreadBps: 0, ...rates },
    tolerance: { ...NO_TOLERANCE, ...tolerance },
    transactionChanged,
    look: await readLook(options, config),
  };
  const { store, keys } = await world.openBase(config);
  try {
    const { seal } = await keys();
    const { pos, secret, webhookSecret } = await createPos({ store, clock: systemClock, newUuid: randomUUID }, input, seal);
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

function needed<T>(option: string, value: T | undefined): T {
  if (value === undefined) throw new UsageError(`--${option}: expected a value, got nothing`);
  return value;
}
