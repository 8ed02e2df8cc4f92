import { createLink } from '../../services/links/change-links.ts';
import { linkJson } from '../../services/links/link-json.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { findPos, POS_OPTIONS, POS_USAGE, readWhichPos } from '../support/find-pos.ts';
import { publicUrlOf } from '../support/public-url.ts';
import { LINK_TERMS_OPTIONS, readLinkOptions } from './link-terms.ts';
import { onLinks } from './on-links.ts';

/** `webpos link create`: creates a page on which anyone pays a POS. */
export const linkCreate: Command = defineCommand({
  name: 'link create',
  summary: 'Create a payment link: a page on which anyone opens and pays an order',
  usage: `${POS_USAGE} --title TEXT`,
  options: {
    ...POS_OPTIONS,
    name: {
      value: 'NAME',
      text: 'end of its URL, which never changes',
      allowed: '1 to 64 lower-case letters, digits and hyphens',
      default: 'a random one that nobody guesses',
    },
    ...LINK_TERMS_OPTIONS,
  },
  example: '--pos 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f --title "A coffee" --amount 3.50',
  run: async (world, config, options) => {
    const which = readWhichPos(options);
    const input = { ...readLinkOptions(options), title: options.required('title'), name: options.optional('name') };
    await onLinks(world, config, async (context) => {
      const { id: posId } = await findPos(context.store, which);
      const link = linkJson(await createLink(context, { kind: 'command' }, { ...input, posId }), publicUrlOf(config));
      world.out(options.json ? JSON.stringify(link) : link.url);
    });
  },
});
