import { isoDate, systemClock } from '../../kernel/clock.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import { issueCode, issueToken } from '../../services/people/panel-access.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { publicUrlOf } from '../support/public-url.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos panel login`: creates a code that opens the panel in one browser. */
export const panelLogin: Command = defineCommand({
  name: 'panel login',
  summary: 'Create a code that opens the panel in one browser, valid for 10 minutes',
  usage: '',
  options: {},
  example: '',
  run: async (world, config, options) => {
    const { secret, expiresAt } = await withBase(world, config, ({ store }) => issueCode({ store, clock: systemClock }));
    const url = `${publicUrlOf(config)}/panel`;
    if (options.json) return world.out(JSON.stringify({ url, code: secret, expires_at: isoDate(expiresAt) }));
    world.out(`Open ${url} and enter ${secret} within 10 minutes. The code works once.`);
  },
});

const TOKEN_DAYS = { min: 1, max: 3650 } as const;
const DEFAULT_TOKEN_DAYS = 90;

/** `webpos panel token`: creates a token for a program that uses the panel's API. */
export const panelToken: Command = defineCommand({
  name: 'panel token',
  summary: "Create a token for programs that use the panel's API",
  usage: '',
  options: {
    days: {
      value: 'N',
      text: 'lifetime of the token',
      allowed: `${TOKEN_DAYS.min} to ${TOKEN_DAYS.max} days`,
      default: String(DEFAULT_TOKEN_DAYS),
    },
  },
  example: '--days 30',
  run: async (world, config, options) => {
    const lifetimeMs = options.integer('days', DEFAULT_TOKEN_DAYS, TOKEN_DAYS) * DAY_MS;
    const { secret, expiresAt } = await withBase(world, config, ({ store }) =>
      issueToken({ store, clock: systemClock }, lifetimeMs),
    );
    const shown = { token: secret, expires_at: isoDate(expiresAt) };
    if (options.json) return world.out(JSON.stringify(shown));
    world.out(`${secret}\nThe token is shown once, and expires at ${shown.expires_at}. webpos panel close revokes it earlier.`);
  },
});

/** `webpos panel close`: revokes every session, token and code. */
export const panelClose: Command = defineCommand({
  name: 'panel close',
  summary: 'Revoke all sessions, tokens and codes of the panel',
  usage: '',
  options: {},
  example: '',
  run: async (world, config, options) => {
    const revoked = await withBase(world, config, ({ store }) => store.panel.revokeAll());
    world.out(options.json ? JSON.stringify({ revoked }) : `Revoked ${revoked} sessions, tokens and codes of the panel.`);
  },
});
