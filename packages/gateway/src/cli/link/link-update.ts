import { switchLink, updateLink } from '../../services/links/change-links.ts';
import { currentInput, linkJson } from '../../services/links/link-json.ts';
import type { OptionHelp } from '@webpos/listen/help';
import type { PaymentLink } from '../../links/payment-link.ts';
import type { Config } from '../../config/config.ts';
import type { CliWorld, Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import type { Options } from '../support/options.ts';
import { publicUrlOf } from '../support/public-url.ts';
import { LINK_TERMS_OPTIONS, readLinkOptions, type LinkTermsOption } from './link-terms.ts';
import { linkNamed, onLinks } from './on-links.ts';

const NAME: OptionHelp = { value: 'NAME', text: 'payment link', allowed: 'the end of its URL' };
const COMMAND = { kind: 'command' } as const;

const CHANGES = Object.fromEntries(
  Object.entries(LINK_TERMS_OPTIONS).map(([name, option]) => [name, { ...option, default: 'unchanged' }]),
) as Readonly<Record<LinkTermsOption, OptionHelp>>;

/** `webpos link update`: changes the terms of a payment link. */
export const linkUpdate: Command = defineCommand({
  name: 'link update',
  summary: 'Change a payment link',
  usage: '--name NAME',
  options: { name: NAME, ...CHANGES },
  notes: ['Orders that were opened before keep their terms. An empty value removes one, as in --quantity "".'],
  example: '--name coffee --amount 4.00',
  run: async (world, config, options) => {
    const name = options.required('name');
    await onLinks(world, config, async (context) => {
      const link = await linkNamed(context, name);
      const input = readLinkOptions(options, currentInput(link));
      report(world, config, options, await updateLink(context, COMMAND, link.id, input), 'Changed');
    });
  },
});

/** `webpos link disable`: lets nobody open orders from a payment link. */
export const linkDisable: Command = defineCommand({
  name: 'link disable',
  summary: 'Disable a payment link: no more orders are opened from it',
  usage: '--name NAME',
  options: { name: NAME },
  notes: ['Orders that are open can still be paid.'],
  example: '--name coffee',
  run: (world, config, options) => setActive(world, config, options, false),
});

/** `webpos link enable`: opens a disabled payment link again. */
export const linkEnable: Command = defineCommand({
  name: 'link enable',
  summary: 'Enable a disabled payment link',
  usage: '--name NAME',
  options: { name: NAME },
  example: '--name coffee',
  run: (world, config, options) => setActive(world, config, options, true),
});

async function setActive(world: CliWorld, config: Config, options: Options<'name'>, active: boolean): Promise<void> {
  const name = options.required('name');
  await onLinks(world, config, async (context) => {
    const { id } = await linkNamed(context, name);
    report(world, config, options, await switchLink(context, COMMAND, id, active), active ? 'Enabled' : 'Disabled');
  });
}

function report(world: CliWorld, config: Config, { json }: Pick<Options, 'json'>, link: PaymentLink, what: string): void {
  const shown = linkJson(link, publicUrlOf(config));
  world.out(json ? JSON.stringify(shown) : `${what} the link ${shown.url} (${shown.title}).`);
}
