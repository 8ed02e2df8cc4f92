import { isoDate, systemClock, type EpochMs } from '../../kernel/clock.ts';
import type { Pos } from '../../merchants/pos.ts';
import { rotationEnd } from '../../merchants/secret-rotation.ts';
import { posTermsJson } from '../../services/merchants/settings/pos-json.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { table } from '../support/table.ts';
import { withBase } from '../support/with-base.ts';

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

function state(pos: Pos, now: EpochMs): string {
  const end = rotationEnd(pos, now);
  return `${pos.active ? 'active' : 'disabled'}${end === undefined ? '' : `, previous secret expires at ${isoDate(end)}`}`;
}
