import { isoDate, systemClock, type EpochMs } from '../../kernel/clock.ts';
import type { Pos } from '../../merchants/pos.ts';
import { rotationEnd } from '../../merchants/secret-rotation.ts';
import type { Command } from '../command.ts';
import { readOptions } from '../support/options.ts';
import { lookJson } from './pos-look.ts';
import { table } from '../support/table.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos pos list`: every point of sale, without its secrets. */
export const posList: Command = async (world, config, words) => {
  const options = readOptions(words, []);
  const list = await withBase(world, config, ({ store }) => store.pos.list());
  const now = systemClock.now();
  if (options.json) return world.out(JSON.stringify(list.map((pos) => posJson(pos, now))));
  const rows = list.map((pos) => [pos.id, pos.clientId, pos.name, pos.currency, state(pos, now)]);
  world.out(rows.length === 0 ? 'There is no POS yet: webpos pos create makes one.' : table(HEADS, rows));
};

const HEADS = ['uuid', 'client_id', 'name', 'currency', 'state'];

function posJson(pos: Pos, now: EpochMs): unknown {
  const end = rotationEnd(pos, now);
  return {
    ...posTermsJson(pos),
    created_at: isoDate(pos.createdAt),
    previous_secret_expires_at: end === undefined ? null : isoDate(end),
  };
}

/** All of a POS that its merchant may change, and by which he knows it. */
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
    ...lookJson(pos.look),
  };
}

function state(pos: Pos, now: EpochMs): string {
  const end = rotationEnd(pos, now);
  return `${pos.active ? 'active' : 'disabled'}${end === undefined ? '' : `, two secrets until ${isoDate(end)}`}`;
}
