import { isoDate, systemClock, type EpochMs } from '../../kernel/clock.ts';
import type { Pos } from '../../merchants/pos.ts';
import { rotationEnd } from '../../merchants/secret-rotation.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { table } from '../support/table.ts';
import { withBase } from '../support/with-base.ts';
import { lookJson } from './pos-look.ts';

const HEADS = ['uuid', 'client_id', 'name', 'currency', 'state'];

/** `webpos pos list`: lists points of sale without their secrets. */
export const posList: Command = defineCommand({
  name: 'pos list',
  summary: 'List points of sale, without their secrets',
  usage: '',
  options: {},
  example: '',
  run: async (world, config, options) => {
    const list = await withBase(world, config, ({ store }) => store.pos.list());
    const now = systemClock.now();
    if (options.json) return world.out(JSON.stringify(list.map((pos) => posJson(pos, now))));
    const rows = list.map((pos) => [pos.id, pos.clientId, pos.name, pos.currency, state(pos, now)]);
    world.out(rows.length === 0 ? 'No POS yet: webpos pos create creates one.' : table(HEADS, rows));
  },
});

function posJson(pos: Pos, now: EpochMs): unknown {
  const end = rotationEnd(pos, now);
  return {
    ...posTermsJson(pos),
    created_at: isoDate(pos.createdAt),
    previous_secret_expires_at: end === undefined ? null : isoDate(end),
  };
}

/** Returns the settings of a POS that its merchant can change, with its name and ids. */
export function posTermsJson(pos: Pos): Readonly<Record<string, unknown>> {
  return {
    uuid: pos.id,
    client_id: pos.clientId,
    name: pos.name,
    type: pos.type,
    account: pos.accountId,
    currency: pos.currency,
    active: pos.active,
    callback_url: pos.defaults.callbackUrl,
    continue_url: pos.defaults.continueUrl,
    cancel_url: pos.defaults.cancelUrl,
    required_confirmations: pos.defaults.requiredConfirmations,
    rate_provider: pos.rates.provider,
    rate_spread_bps: pos.rates.spreadBps,
    tolerance_bps: pos.tolerance.bps,
    tolerance_sats: pos.tolerance.sats === null ? null : Number(pos.tolerance.sats),
    return_when: pos.checkout.returnWhen,
    try_again: pos.checkout.allowsRetry,
    transaction_changed: pos.transactionChanged === true,
    ...lookJson(pos.look),
  };
}

function state(pos: Pos, now: EpochMs): string {
  const end = rotationEnd(pos, now);
  return `${pos.active ? 'active' : 'disabled'}${end === undefined ? '' : `, previous secret expires at ${isoDate(end)}`}`;
}
