import { isoDate, systemClock } from '../../kernel/clock.ts';
import { issueCode, issueToken } from '../../services/operator/panel-access.ts';
import type { Command } from '../command.ts';
import { readOptions } from '../support/options.ts';
import { withBase } from '../support/with-base.ts';
import { DAY_MS } from '../../kernel/durations.ts';

/** `webpos panel login`: makes a code that opens the panel in one browser. */
export const panelLogin: Command = async (world, config, words) => {
  const options = readOptions(words, []);
  const { secret, expiresAt } = await withBase(world, config, ({ store }) => issueCode({ store, clock: systemClock }));
  const url = `${config.publicUrl ?? `http${config.tls === undefined ? '' : 's'}://${config.host}:${config.port}`}/panel`;
  if (options.json) return world.out(JSON.stringify({ url, code: secret, expires_at: isoDate(expiresAt) }));
  world.out(`Open ${url} and enter ${secret} within 10 minutes. It works once.`);
};

/** `webpos panel token`: makes a token for a program that uses the API of the panel. */
export const panelToken: Command = async (world, config, words) => {
  const options = readOptions(words, ['days']);
  const lifeMs = options.integer('days', 90, { least: 1, most: 3650 }) * DAY_MS;
  const { secret, expiresAt } = await withBase(world, config, ({ store }) => issueToken({ store, clock: systemClock }, lifeMs));
  const shown = { token: secret, expires_at: isoDate(expiresAt) };
  if (options.json) return world.out(JSON.stringify(shown));
  world.out(`${secret}\nIt is shown once, and ends at ${shown.expires_at}. webpos panel close ends it before.`);
};

/** `webpos panel close`: ends every session, token and code. */
export const panelClose: Command = async (world, config, words) => {
  const options = readOptions(words, []);
  const ended = await withBase(world, config, ({ store }) => store.panel.revokeAll());
  world.out(options.json ? JSON.stringify({ ended }) : `${ended} sessions, tokens and codes of the panel have ended.`);
};
