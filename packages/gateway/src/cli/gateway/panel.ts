import { OperatorError } from '../../kernel/operator-error.ts';
import { isoDate } from '../../kernel/clock.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import { closePanel, issueCode, issueToken, revokeToken } from '../../services/people/panel-access.ts';
import { WHOLE_SCOPE } from '../../people/scope.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { publicUrlOf } from '../support/public-url.ts';
import { readName } from '../support/read-name.ts';
import { readRole, readScope, requirePos, ROLE_OPTION, SCOPE_OPTIONS } from '../support/role-options.ts';
import { withPeople } from '../support/with-people.ts';

/** `webpos panel login`: creates a code that opens the panel in one browser. */
export const panelLogin: Command = defineCommand({
  name: 'panel login',
  summary: 'Create a code that opens the panel in one browser, valid for 10 minutes',
  usage: '',
  options: {},
  example: '',
  run: async (world, config, options) => {
    const { secret, expiresAt } = await withPeople(world, config, (context) => issueCode(context));
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
    name: {
      value: 'NAME',
      text: 'what the token is for, as the audit log shows it',
      allowed: '1 to 64 characters',
      default: 'panel token',
    },
    role: { ...ROLE_OPTION, default: 'owner' },
    ...SCOPE_OPTIONS,
    'allow-dangerous': {
      text: 'let the token do what people have to confirm, such as change people, secrets and wallets',
    },
  },
  example: '--name accounting --role accountant --days 30',
  run: async (world, config, options) => {
    const lifetimeMs = options.integer('days', DEFAULT_TOKEN_DAYS, TOKEN_DAYS) * DAY_MS;
    const terms = {
      name: options.optional('name') === undefined ? undefined : readName(options),
      role: readRole(options) ?? 'owner',
      scope: readScope(options) ?? WHOLE_SCOPE,
      allowsDangerous: options.flag('allow-dangerous'),
    };
    const { id, secret, expiresAt } = await withPeople(world, config, async (context) => {
      await requirePos(context.store, terms.scope);
      return issueToken(context, lifetimeMs, { ...terms, name: terms.name ?? 'panel token' });
    });
    const shown = { id, token: secret, expires_at: isoDate(expiresAt) };
    if (options.json) return world.out(JSON.stringify(shown));
    world.out(
      `${secret}\nThe token is shown once, and expires at ${shown.expires_at}. webpos panel revoke --token ${id} revokes it earlier.`,
    );
  },
});

/** `webpos panel revoke`: revokes one token. */
export const panelRevoke: Command = defineCommand({
  name: 'panel revoke',
  summary: 'Revoke a token of the panel',
  usage: '--token UUID',
  options: { token: { value: 'UUID', text: 'token to revoke', allowed: 'the id that webpos panel token printed' } },
  example: '--token 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f',
  run: async (world, config, options) => {
    const id = options.requiredUuid('token', 'a token');
    const isRevoked = await withPeople(world, config, (context) => revokeToken(context, { kind: 'command' }, id));
    if (!isRevoked) throw new OperatorError(`--token: no token with id ${id}`);
    world.out(options.json ? JSON.stringify({ revoked: id }) : `Revoked the token ${id}.`);
  },
});

/** `webpos panel close`: revokes every session, token, code and invitation. */
export const panelClose: Command = defineCommand({
  name: 'panel close',
  summary: 'Revoke all sessions, tokens, codes and invitations of the panel',
  usage: '',
  options: {},
  example: '',
  run: async (world, config, options) => {
    const revoked = await withPeople(world, config, (context) => closePanel(context, { kind: 'command' }));
    world.out(
      options.json ? JSON.stringify({ revoked }) : `Revoked ${revoked} sessions, tokens, codes and invitations of the panel.`,
    );
  },
});
